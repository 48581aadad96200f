// The list of proposals above a composer, worked by the keyboard from inside the text box.
import { proposals } from "./completions.js";
import { aria, el, fill, unique } from "./dom.js";
import { close, isOpen, open } from "./popup.js";

/** {node, update, takes(event), close}; `changed()` hears when a proposal was put into the box. */
export function completionList(box, changed) {
  const node = el("ul", {
    class: "popup options completions",
    popover: "manual",
    role: "listbox",
    id: unique("completions"),
    aria: { label: "Completions" },
  });
  const part = { box, node, changed, found: null, at: 0 };
  for (const [key, value] of Object.entries({
    autocomplete: "list",
    controls: node.id,
    expanded: false,
    haspopup: "listbox",
  }))
    aria(box, key, value);
  box.setAttribute("role", "combobox");
  box.addEventListener("blur", () => shut(part));
  node.addEventListener("pointerdown", (event) => event.preventDefault());
  return { node, update: () => update(part), takes: (event) => takes(part, event), close: () => shut(part) };
}

function update(part) {
  part.found = proposals(part.box.value, part.box.selectionStart);
  if (!part.found || part.found.items.length === 0) return shut(part);
  part.at = proposed(part);
  fill(part.node, ...part.found.items.map((item, at) => row(part, item, at)));
  open(part.node, part.box.closest(".composer-frame"), { wide: true, above: true });
  aria(part.box, "expanded", true);
  return mark(part);
}

/** The proposal Enter takes right away: a half-typed name's; a command is sent as it is typed. */
function proposed({ box, found }) {
  const typed = box.value.slice(found.from, found.to).toLowerCase();
  const isWhole = found.items.some(({ text }) => text.toLowerCase() === typed);
  return found.kind === "people" && !isWhole ? 0 : -1;
}

function row(part, item, at) {
  return el(
    "li",
    {
      class: `option ${item.kind ?? "person"}`,
      role: "option",
      id: `${part.node.id}-${at}`,
      aria: { selected: false },
      onclick: () => take(part, at),
    },
    item.face?.(),
    el(
      "span",
      { class: "option-label" },
      el("b", {}, item.title && !item.kind ? item.title : item.text),
      item.kind === "command" && item.title && el("span", { class: "what" }, item.title),
      el(
        "small",
        { class: "how" },
        item.usage && el("code", {}, item.usage),
        item.example && el("span", {}, `e.g. ${item.example}`),
      ),
    ),
  );
}

function mark(part) {
  [...part.node.children].forEach((child, at) => {
    child.classList.toggle("active", at === part.at);
    aria(child, "selected", at === part.at);
  });
  const active = part.node.children[part.at];
  active?.scrollIntoView({ block: "nearest" });
  aria(part.box, "activedescendant", active?.id);
}

/** True when the list used the key up. */
function takes(part, event) {
  if (!isOpen(part.node)) return false;
  if (event.key === "ArrowDown") moveTo(part, part.at + 1);
  else if (event.key === "ArrowUp") moveTo(part, Math.max(part.at, 0) - 1);
  else if (event.key === "Escape") shut(part);
  else if (event.key === "Tab" && !event.shiftKey) take(part, Math.max(part.at, 0));
  else if (event.key === "Enter" && !event.shiftKey && part.at >= 0) take(part, part.at);
  else return false;
  event.preventDefault();
  return true;
}

function moveTo(part, at) {
  const { length } = part.found.items;
  part.at = (at + length) % length;
  mark(part);
}

function take(part, at) {
  const { box, found } = part;
  const { text } = found.items[at];
  const after = box.value.slice(found.to);
  box.setRangeText(`${text}${after.startsWith(" ") ? "" : " "}`, found.from, found.to, "end");
  box.focus();
  shut(part);
  part.changed();
  if (found.kind === "commands") update(part);
}

function shut(part) {
  close(part.node);
  aria(part.box, "expanded", false);
  aria(part.box, "activedescendant", null);
}
