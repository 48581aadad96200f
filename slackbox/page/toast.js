// Short notices above everything, also above dialogs.
import { el } from "./dom.js";
import { icon } from "./icons.js";

const SECONDS = 8;

/** Shows a text for a while; errors are announced at once. */
export function toast(text, { error = false } = {}) {
  const stack = document.getElementById("toasts");
  const remove = () => {
    note.remove();
    if (!stack.hasChildNodes()) stack.hidePopover();
  };
  const note = el(
    "div",
    { class: `toast${error ? " error" : ""}`, role: error ? "alert" : null },
    el("span", {}, text),
    el(
      "button",
      { type: "button", class: "quiet-button", aria: { label: "Dismiss" }, onclick: remove },
      icon("close"),
    ),
  );
  // Hidden and shown again, it comes to lie above a dialog opened since.
  if (stack.matches(":popover-open")) stack.hidePopover();
  stack.append(note);
  stack.showPopover();
  setTimeout(() => note.isConnected && remove(), SECONDS * 1000);
}

/** Does something that may be refused; a refusal is shown, and told by `false`. */
export async function trying(work) {
  try {
    return (await work()) ?? true;
  } catch (refusal) {
    toast(refusal.message, { error: true });
    return false;
  }
}
