// A select one can type in: single or multiple, in messages and in forms.
import { aria, el, fill, unique } from "./dom.js";
import { icon } from "./icons.js";
import { close, isOpen, open } from "./popup.js";

/**
 * `options` are {key, label, note, group, face}; `changed(keys)` hears every pick.
 * The node offers `keys()`; `clearable` lets an emptied single choice mean "none".
 */
export function choice({ label, placeholder, options, chosen = [], multiple, max, clearable, changed }) {
  const state = { chosen: [...chosen], shown: options, at: -1 };
  const listId = unique("options");
  const list = el("ul", {
    class: "popup options",
    id: listId,
    popover: "manual",
    role: "listbox",
    aria: { label: `${label}: choices` },
  });
  if (multiple) aria(list, "multiselectable", true);
  const input = el("input", {
    type: "text",
    class: "choice-input",
    role: "combobox",
    autocomplete: "off",
    spellcheck: false,
    placeholder: placeholder || "Choose…",
    aria: { label, expanded: false, controls: listId, autocomplete: "list", haspopup: "listbox" },
  });
  const tokens = el("span", { class: "tokens" });
  const node = el(
    "div",
    { class: `choice${multiple ? " multiple" : ""}` },
    tokens,
    input,
    icon("down"),
    list,
  );
  const part = { node, input, list, tokens, state, options, multiple, max, clearable, changed, label };
  showChosen(part);
  listenTo(part);
  node.keys = () => [...state.chosen];
  return node;
}

const labelOf = (part, key) => part.options.find((option) => option.key === key)?.label ?? "";

function showChosen(part) {
  if (!part.multiple) {
    part.input.value = labelOf(part, part.state.chosen[0]);
    return;
  }
  fill(part.tokens, ...part.state.chosen.map((key) => token(part, key)));
  part.input.value = "";
}

function token(part, key) {
  const name = labelOf(part, key);
  const remove = el(
    "button",
    {
      type: "button",
      class: "token-remove",
      aria: { label: `Remove ${name}` },
      onclick: () => toggle(part, key),
    },
    icon("close"),
  );
  return el("span", { class: "token" }, name, remove);
}

function listenTo(part) {
  const { input, list, node } = part;
  input.addEventListener("click", () => openList(part, ""));
  input.addEventListener("input", () => openList(part, input.value));
  input.addEventListener("keydown", (event) => onKey(part, event));
  input.addEventListener("blur", () => leave(part));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  node.addEventListener("pointerdown", (event) => {
    if (event.target === node || event.target === part.tokens) {
      event.preventDefault();
      input.focus();
      openList(part, "");
    }
  });
  node.closeList = () => closeList(part);
}

function openList(part, typed) {
  const words = typed.trim().toLowerCase();
  part.state.shown = part.options.filter((option) =>
    `${option.label} ${option.note ?? ""}`.toLowerCase().includes(words),
  );
  const current = part.state.shown.findIndex((option) => part.state.chosen.includes(option.key));
  part.state.at = part.state.shown.length === 0 ? -1 : words || current < 0 || part.multiple ? 0 : current;
  drawList(part);
  open(part.list, part.node, { wide: true });
  aria(part.input, "expanded", true);
  if (!words && !part.multiple) part.input.select();
  mark(part);
}

function drawList(part) {
  const rows = [];
  let group = null;
  part.state.shown.forEach((option, at) => {
    if (option.group && option.group !== group)
      rows.push(el("li", { class: "group", role: "presentation" }, (group = option.group)));
    rows.push(row(part, option, at));
  });
  fill(
    part.list,
    ...(rows.length > 0 ? rows : [el("li", { class: "empty", role: "presentation" }, "Nothing found")]),
  );
}

function row(part, option, at) {
  const selected = part.state.chosen.includes(option.key);
  return el(
    "li",
    {
      class: "option",
      role: "option",
      id: `${part.list.id}-${at}`,
      aria: { selected },
      onclick: () => toggle(part, option.key),
    },
    option.face?.(),
    el("span", { class: "option-label" }, option.label, option.note && el("small", {}, option.note)),
    selected && icon("check"),
  );
}

function mark(part) {
  for (const item of part.list.querySelectorAll(".active")) item.classList.remove("active");
  const active = part.list.querySelector(`#${part.list.id}-${part.state.at}`);
  active?.classList.add("active");
  active?.scrollIntoView({ block: "nearest" });
  aria(part.input, "activedescendant", active?.id);
}

const MOVES = { ArrowDown: 1, ArrowUp: -1 };

function onKey(part, event) {
  const shown = isOpen(part.list);
  if (event.key in MOVES) {
    event.preventDefault();
    if (!shown) return openList(part, "");
    const { length } = part.state.shown;
    part.state.at = length ? (part.state.at + MOVES[event.key] + length) % length : -1;
    return mark(part);
  }
  if (event.key === "Enter" && shown) {
    event.preventDefault();
    const option = part.state.shown[part.state.at];
    if (option) toggle(part, option.key);
  } else if (event.key === "Escape" && shown) {
    event.preventDefault();
    event.stopPropagation();
    showChosen(part);
    closeList(part);
  } else if (event.key === "Backspace" && part.multiple && part.input.value === "") {
    const last = part.state.chosen.at(-1);
    if (last !== undefined) toggle(part, last);
  }
  return undefined;
}

function toggle(part, key) {
  const { state } = part;
  if (!part.multiple) state.chosen = [key];
  else if (state.chosen.includes(key)) state.chosen = state.chosen.filter((other) => other !== key);
  else if (!part.max || state.chosen.length < part.max) state.chosen.push(key);
  showChosen(part);
  closeList(part);
  part.input.focus();
  part.changed?.([...state.chosen]);
}

function leave(part) {
  const emptied =
    !part.multiple && part.clearable && part.input.value.trim() === "" && part.state.chosen.length > 0;
  if (emptied) part.state.chosen = [];
  showChosen(part);
  closeList(part);
  if (emptied) part.changed?.([]);
}

function closeList(part) {
  close(part.list);
  aria(part.input, "expanded", false);
  aria(part.input, "activedescendant", null);
}
