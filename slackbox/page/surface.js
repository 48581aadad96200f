// Where blocks live (a message, a view, the home): how what people do there reaches the app.
import { send } from "./api.js";
import { stateOf } from "./elements.js";
import { store } from "./store.js";
import { trying } from "./toast.js";

/** A surface for blocks drawn inside `root()`. */
export function surface(container, root, { kept } = {}) {
  return {
    kept,
    act: (action) =>
      trying(() => send("action", { as: store.me, container, ...action, state: stateOf(root()) })),
  };
}

/** Redraws inside `root`, and gives the focus back to the control that had it. */
export function keepingFocus(root, redraw) {
  const held = root.contains(document.activeElement) ? document.activeElement : null;
  const at = held?.closest("[data-action]")?.dataset;
  redraw();
  if (!held || held.isConnected) return;
  const again =
    at &&
    [...root.querySelectorAll("[data-action]")].find(
      (node) => node.dataset.action === at.action && node.dataset.block === at.block,
    );
  (again?.control ?? root.querySelector("button, input, [tabindex]") ?? root).focus();
}
