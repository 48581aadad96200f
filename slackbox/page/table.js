// The table block: a first row of headings, the rest cells of raw or rich text.
import { el } from "./dom.js";
import { richText } from "./rich-text.js";

/** A table that scrolls sideways inside its own frame. */
export function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const line = (row, tag) => el("tr", {}, ...(row ?? []).map((cell, at) => drawCell(cell, tag, settings[at])));
  const grid = el(
    "table",
    {},
    el("thead", {}, line(head, "th")),
    el("tbody", {}, ...rows.map((row) => line(row, "td"))),
  );
  return el("div", { class: "table-frame", tabindex: 0, role: "region", aria: { label: "Table" } }, grid);
}

function drawCell(cell, tag, setting) {
  const content = cell.type === "rich_text" ? richText(cell.elements) : [String(cell.text ?? "")];
  const props = { class: `${setting?.align ?? "left"}${setting?.is_wrapped ? " wrapped" : ""}` };
  if (tag === "th") props.scope = "col";
  return el(tag, props, ...content);
}
