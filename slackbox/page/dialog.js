// Dialogs on the browser's own <dialog>: focus stays inside, Escape closes, focus comes back.
import { el, fill, unique } from "./dom.js";
import { icon } from "./icons.js";

/** Opens a dialog; `closes()` hears Escape and the cross. Returns its parts to fill. */
export function dialog({ title, face, className = "", closes, submits }) {
  const titleId = unique("title");
  const heading = el("h2", { id: titleId });
  const body = el("div", { class: "dialog-body" });
  const foot = el("div", { class: "dialog-foot" });
  const cross = el(
    "button",
    { type: "button", class: "quiet-button", aria: { label: "Close" }, onclick: () => closes() },
    icon("close"),
  );
  const head = el("header", { class: "dialog-head" }, face, heading, cross);
  const form = el("form", { novalidate: "", method: "dialog" }, head, body, foot);
  const node = el("dialog", { class: `dialog ${className}`, aria: { labelledby: titleId } }, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submits?.();
  });
  node.addEventListener("cancel", (event) => {
    event.preventDefault();
    closes();
  });
  fill(heading, title);
  const before = document.activeElement;
  document.body.append(node);
  node.showModal();
  return { node, heading, body, foot, remove: () => remove(node, before) };
}

/** The caret has to be set anew: Chromium gives the focus back to a text box, but not its caret. */
function remove(node, before) {
  node.close();
  node.remove();
  if (!before?.isConnected || document.activeElement !== before) return;
  before.blur();
  before.focus({ preventScroll: true });
}
