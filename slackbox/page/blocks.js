// Block Kit blocks, each drawn by one function.
import { append, el, unique } from "./dom.js";
import { element, isInteractive } from "./elements.js";
import { inputBlock } from "./input.js";
import { markdown } from "./markdown.js";
import { imageAddress } from "./pictures.js";
import { richText } from "./rich-text.js";
import { table } from "./table.js";
import { textOf, wordsOf } from "./text.js";

const DRAW = {
  rich_text: (block) => el("div", { class: "rich-text" }, ...richText(block.elements)),
  section,
  context,
  header: (block) => el("h3", { class: "header" }, ...textOf(block.text)),
  divider: () => el("hr"),
  image: imageBlock,
  table,
  actions,
  input: inputBlock,
  markdown: (block) => el("div", { class: "markdown" }, ...markdown(block.text)),
};

/** The nodes of a list of blocks; `surface` dispatches what people do in them. */
export function drawBlocks(blocks, surface) {
  return (blocks ?? []).map((block) => drawBlock(block, surface));
}

function drawBlock(block, surface) {
  const draw = DRAW[block.type];
  if (!draw) return el("div", { class: "block unknown" }, `(A ${block.type} block, not drawn on this page.)`);
  const node = el("div", { class: `block ${block.type}`, data: { block: block.block_id ?? "" } });
  return append(node, [draw(block, surface)]);
}

function section(block, surface) {
  const body = el("div", { class: "section-body" });
  if (block.text) body.append(el("div", { class: "text" }, ...textOf(block.text)));
  if (block.fields) {
    const fields = block.fields.map((field) => el("div", { class: "field text" }, ...textOf(field)));
    body.append(el("div", { class: "fields" }, ...fields));
  }
  if (!block.accessory) return body;
  const label = block.accessory.accessibility_label ?? wordsOf(block.text);
  const accessory = el("div", { class: "accessory" }, element(block.accessory, block, surface, { label }));
  const wide = ["radio_buttons", "checkboxes"].includes(block.accessory.type);
  return el("div", { class: `section-row${wide ? " wide" : ""}` }, body, accessory);
}

function context(block) {
  const parts = (block.elements ?? []).map((part) =>
    part.type === "image"
      ? el("img", { class: "context-image", src: imageAddress(part), alt: part.alt_text ?? "" })
      : el("span", { class: "text" }, ...textOf(part)),
  );
  return el("div", { class: "context-parts" }, ...parts);
}

function actions(block, surface) {
  const parts = (block.elements ?? []).filter(isInteractive);
  return el("div", { class: "actions-row" }, ...parts.map((part) => element(part, block, surface)));
}

function imageBlock(block) {
  const id = unique("picture");
  const title = block.title && el("figcaption", { id }, ...textOf(block.title));
  const image = el("img", { src: imageAddress(block), alt: block.alt_text ?? "", loading: "lazy" });
  return el("figure", {}, title, image);
}
