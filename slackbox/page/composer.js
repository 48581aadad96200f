// The box people type into: messages, commands, completions, and the lines typed before.
import { send } from "./api.js";
import { completionList } from "./completion-list.js";
import { usageOf } from "./completions.js";
import { el, fill, unique } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";

const typedBefore = [];

const KEYS = [
  ["/", "commands"],
  ["@", "people"],
  ["↑", "last line"],
  ["Shift+Enter", "new line"],
];

/** {node, focus, put} of a composer for a channel, or for one thread in it; `sends()` hears every line sent. */
export function composer({ channel, thread, label, sends }) {
  const hint = el("p", { class: "usage", id: unique("usage") });
  const notice = el("p", { class: "notice", role: "alert", hidden: true });
  const box = el("textarea", {
    rows: 1,
    class: "composer-input",
    id: thread ? null : "composer",
    placeholder: label,
    spellcheck: true,
    autocomplete: "off",
    aria: { label, describedby: hint.id },
  });
  const button = el(
    "button",
    { type: "button", class: "send", title: "Send", aria: { label: "Send" } },
    icon("send"),
  );
  const part = { box, hint, notice, button, channel, thread, sends, back: -1 };
  part.list = completionList(box, () => changed(part));
  const node = el(
    "div",
    { class: "composer" },
    notice,
    el("div", { class: "composer-frame" }, box, button),
    hint,
    part.list.node,
  );
  box.addEventListener("input", () => {
    part.back = -1;
    changed(part);
    part.list.update();
  });
  box.addEventListener("keydown", (event) => onKey(part, event));
  button.addEventListener("click", () => submit(part));
  changed(part);
  const put = (text) => {
    box.value = text;
    changed(part);
    box.focus();
  };
  return { node, focus: () => box.focus(), put };
}

function changed(part) {
  const { box, hint, button } = part;
  box.style.height = "auto";
  if (box.scrollHeight > 0) box.style.height = `${Math.min(box.scrollHeight, 240)}px`;
  button.disabled = box.value.trim() === "";
  fill(hint, ...hintOf(part));
}

function hintOf({ box, thread }) {
  const line = usageOf(box.value);
  if (line)
    return [el("kbd", {}, line.usage || line.text), line.example && el("span", {}, ` e.g. ${line.example}`)];
  if (box.value || thread) return [];
  return [
    el("span", { class: "keys" }, ...KEYS.flatMap(([key, does]) => [el("kbd", {}, key), ` ${does}   `])),
  ];
}

function onKey(part, event) {
  if (event.isComposing || part.list.takes(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit(part);
  } else if (event.key === "ArrowUp" && recalls(part)) {
    event.preventDefault();
    recall(part, 1);
  } else if (event.key === "ArrowDown" && part.back >= 0) {
    event.preventDefault();
    recall(part, -1);
  }
}

const recalls = ({ box, back }) => typedBefore.length > 0 && (box.value === "" || back >= 0);

function recall(part, step) {
  part.back = Math.max(-1, Math.min(part.back + step, typedBefore.length - 1));
  part.box.value = part.back < 0 ? "" : typedBefore.at(-1 - part.back);
  changed(part);
}

async function submit(part) {
  const { box, button, channel, thread } = part;
  const text = box.value.trim();
  if (!text) return;
  const isCommand = /^\/[\w-]/.test(text);
  notify(part, "");
  if (isCommand && thread) {
    notify(part, `${text.split(/\s/)[0]} is not supported in threads. Sorry!`);
    return;
  }
  if (typedBefore.at(-1) !== text) typedBefore.push(text);
  part.back = -1;
  box.value = "";
  part.list.close();
  changed(part);
  part.sends();
  button.classList.add("busy");
  try {
    if (isCommand) await send("command", { as: store.me, channel, text });
    else await send("message", { as: store.me, channel, text, ...(thread && { thread }) });
  } catch (refusal) {
    if (box.value === "") box.value = text;
    notify(part, refusal.message);
    changed(part);
  } finally {
    button.classList.remove("busy");
  }
}

function notify({ notice }, text) {
  notice.hidden = !text;
  fill(notice, text);
}
