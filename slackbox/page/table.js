// The table block: a first row of headings, the rest cells of raw or rich text.
import { el } from "./dom.js";
import { withDrawn } from "./emoji.js";
import { richText } from "./rich-text.js";

// Cells up to this many characters (ids, names, dates) stay on one line.
const SHORT = 24;

/** A table that scrolls sideways inside its own frame. */
export function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const line = (row, tag) =>
    el("tr", {}, ...(row ?? []).map((cell, at) => drawCell(cell, tag, settings[at])));
  const grid = el(
    "table",
    {},
    el("thead", {}, line(head, "th")),
    el("tbody", {}, ...rows.map((row) => line(row, "td"))),
  );
  return el("div", { class: "table-frame", tabindex: 0, role: "region", aria: { label: "Table" } }, grid);
}

function drawCell(cell, tag, setting) {
  const content = cell.type === "rich_text" ? richText(cell.elements) : withDrawn(cell.text);
  const node = el(tag, { class: setting?.align ?? "left", scope: tag === "th" ? "col" : null }, ...content);
  if (!setting?.is_wrapped && node.textContent.length <= SHORT) node.classList.add("short");
  return node;
}
