// Input blocks: a label, its control, a hint, and what is wrong with it.
import { aria, el, fill, unique } from "./dom.js";
import { element } from "./elements.js";
import { textOf, wordsOf } from "./text.js";

/** A labelled control. */
export function inputBlock(block, surface) {
  const part = block.element ?? {};
  const [labelId, hintId, errorId, controlId] = ["label", "hint", "error", "control"].map(unique);
  const drawn = element(part, block, surface, {
    label: wordsOf(block.label),
    quiet: true,
    optional: Boolean(block.optional),
  });
  const { control } = drawn;
  const error = el("p", { class: "field-error", id: errorId, role: "alert", hidden: true });
  const hint = block.hint && el("p", { class: "field-hint", id: hintId }, ...textOf(block.hint));
  if (control)
    describe(control, part, block, { controlId, described: hint ? `${hintId} ${errorId}` : errorId });
  const mark = block.optional && el("span", { class: "optional" }, " (optional)");
  const isGroup = ["radio_buttons", "checkboxes"].includes(part.type);
  const label = el(
    isGroup ? "div" : "label",
    { class: "field-label", id: labelId, for: isGroup ? null : controlId },
    ...textOf(block.label),
    mark,
  );
  const node = el(
    "div",
    { class: "field-block", data: { field: block.block_id ?? "" } },
    label,
    drawn,
    hint,
    error,
  );
  node.complain = (text) => complain(node, control, error, text);
  return node;
}

function describe(control, part, block, { controlId, described }) {
  if (!["radio_buttons", "checkboxes"].includes(part.type)) {
    control.id = controlId;
    aria(control, "label", null);
  }
  aria(control, "describedby", described);
  if (!block.optional) aria(control, "required", true);
  if (part.focus_on_load) control.dataset.first = "";
}

function complain(node, control, error, text) {
  node.classList.toggle("wrong", Boolean(text));
  error.hidden = !text;
  fill(error, text ?? "");
  if (control) aria(control, "invalid", text ? true : null);
}

const LEAST = "Please complete this required field.";

/** What is missing or malformed in the input blocks of a view: {block_id: text}. */
export function missing(blocks, values) {
  const errors = {};
  for (const block of blocks ?? []) {
    if (block.type !== "input") continue;
    const complaint = complaintOf(block, values[block.block_id]?.[block.element?.action_id]);
    if (complaint) errors[block.block_id] = complaint;
  }
  return errors;
}

function complaintOf(block, given = {}) {
  const { type: _, ...rest } = given;
  const value = Object.values(rest)[0];
  const empty =
    value === null ||
    value === undefined ||
    value.length === 0 ||
    (typeof value === "string" && !value.trim());
  if (empty) return block.optional ? null : LEAST;
  return typeof value === "string" ? malformed(block.element, value) : null;
}

function malformed(part, value) {
  if (part.type === "number_input") return notANumber(part, value);
  if (part.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(value))
    return "Please enter a valid email address.";
  if (part.type === "url_text_input" && !/^https?:\/\/\S+$/.test(value)) return "Please enter a valid URL.";
  if (part.min_length && value.length < part.min_length)
    return `Please enter at least ${part.min_length} characters.`;
  return null;
}

function notANumber(part, value) {
  const pattern = part.is_decimal_allowed ? /^[+-]?\d+(\.\d+)?$/ : /^[+-]?\d+$/;
  if (!pattern.test(value.trim()))
    return part.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  if (part.min_value !== undefined && Number(value) < Number(part.min_value))
    return `Please enter ${part.min_value} or more.`;
  if (part.max_value !== undefined && Number(value) > Number(part.max_value))
    return `Please enter ${part.max_value} or less.`;
  return null;
}
