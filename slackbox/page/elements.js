// Interactive elements: what people click, pick and type inside blocks.
import { el, unique } from "./dom.js";
import { asks } from "./confirm.js";
import { icon } from "./icons.js";
import { safe } from "./mentions.js";
import { imageAddress } from "./pictures.js";
import { menuButton } from "./popup.js";
import { isSelect, select } from "./selects.js";
import { textOf, wordsOf } from "./text.js";
import { isTyped, typed } from "./typed.js";

const readers = new WeakMap();

/** What the controls inside `root` say now, as Slack's `state.values`. */
export function stateOf(root) {
  const values = {};
  for (const node of root.querySelectorAll("[data-action]")) {
    const read = readers.get(node);
    if (!read) continue;
    const { block, action } = node.dataset;
    values[block] ??= {};
    values[block][action] = read();
  }
  return values;
}

const DRAW = {
  button,
  workflow_button: button,
  overflow,
  radio_buttons: (part, hear, context) => ticks(part, "radio", hear, context),
  checkboxes: (part, hear, context) => ticks(part, "checkbox", hear, context),
  image: (part) => ({
    node: el("img", { class: "accessory-image", src: imageAddress(part), alt: part.alt_text ?? "" }),
  }),
};

export const isInteractive = (part) => Boolean(DRAW[part.type]) || isSelect(part) || isTyped(part);

/**
 * The node of one element. `surface.act(action)` is told {block_id, action_id, type, value}; inside
 * an input block `quiet` keeps it from being told unless the block dispatches.
 */
export function element(part, block, surface, { label = "", quiet = false, optional = false } = {}) {
  const wrapper = el("span", {
    class: "element",
    data: { action: part.action_id ?? "", block: block.block_id ?? "" },
  });
  const initial = surface.kept?.(block.block_id, part.action_id);
  const hear = (value) => tell(wrapper, part, block, surface, quiet, value);
  const drawn = draw(part, hear, { label, initial, optional });
  if (!drawn) return el("span", { class: "unknown" }, `(${part.type})`);
  wrapper.append(drawn.node);
  wrapper.control = drawn.control ?? drawn.node;
  if (drawn.read) readers.set(wrapper, () => ({ type: part.type, ...drawn.read() }));
  return wrapper;
}

function draw(part, hear, context) {
  if (DRAW[part.type]) return DRAW[part.type](part, hear, context);
  if (isSelect(part)) return select(part, hear, context);
  return isTyped(part) ? typed(part, hear, context) : null;
}

async function tell(wrapper, part, block, surface, quiet, value) {
  surface.changed?.();
  if (quiet && !block.dispatch_action) return;
  if (part.confirm && !(await asks(part.confirm))) return;
  wrapper.classList.add("busy");
  try {
    await surface.act({ block_id: block.block_id, action_id: part.action_id, type: part.type, value });
  } finally {
    wrapper.classList.remove("busy");
  }
}

function button(part, hear) {
  const props = {
    class: `button ${part.style ?? "plain"}`,
    aria: { label: part.accessibility_label },
    onclick: () => hear(null),
  };
  const target = part.url && safe(part.url);
  if (target)
    return {
      node: el(
        "a",
        { ...props, href: target, target: "_blank", rel: "noopener noreferrer" },
        ...textOf(part.text),
      ),
    };
  return { node: el("button", { ...props, type: "button" }, ...textOf(part.text)) };
}

function overflow(part, hear) {
  const node = menuButton({
    label: "More options",
    className: "button plain square",
    face: icon("more"),
    entries: () =>
      (part.options ?? []).map((option) => ({
        label: wordsOf(option.text),
        note: wordsOf(option.description),
        does: () => chooseOption(option, hear),
      })),
  });
  return { node };
}

function chooseOption(option, hear) {
  const target = option.url && safe(option.url);
  if (target) window.open(target, "_blank", "noopener");
  hear({ selected_option: option });
}

function ticks(part, kind, hear, { label, initial }) {
  const name = unique("group");
  const many = kind === "checkbox";
  const before = initial ?? { selected_option: part.initial_option, selected_options: part.initial_options };
  const chosen = (many ? (before.selected_options ?? []) : [before.selected_option])
    .filter(Boolean)
    .map(({ value }) => value);
  const boxes = (part.options ?? []).map((option) => {
    const box = el("input", {
      type: kind,
      name,
      checked: chosen.includes(option.value),
      onchange: () => hear(read()),
    });
    const words = el(
      "span",
      {},
      ...textOf(option.text),
      option.description && el("small", {}, ...textOf(option.description)),
    );
    return { box, option, row: el("label", { class: "tick" }, box, words) };
  });
  const picked = () => boxes.filter(({ box }) => box.checked).map(({ option }) => option);
  const read = () => (many ? { selected_options: picked() } : { selected_option: picked()[0] ?? null });
  const node = el(
    "div",
    { class: "ticks", role: many ? "group" : "radiogroup", aria: { label } },
    ...boxes.map(({ row }) => row),
  );
  return { node, read, control: boxes[0]?.box };
}
