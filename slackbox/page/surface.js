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

/** Redraws inside `root`, and gives the focus back to the control that had it; nothing scrolls. */
export function keepingFocus(root, redraw) {
  const held = root.contains(document.activeElement) ? document.activeElement : null;
  const at = held?.closest("[data-action]")?.dataset;
  const ts = held?.closest(".message")?.dataset.ts;
  redraw();
  if (!held || held.isConnected) return;
  const message = ts && root.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`);
  const again = at && controlOf(message || root, at);
  (again?.control ?? message ?? firstIn(root)).focus({ preventScroll: true });
}

function controlOf(root, { action, block }) {
  const same = [...root.querySelectorAll("[data-action]")].filter(({ dataset }) => dataset.action === action);
  return same.find(({ dataset }) => dataset.block === block);
}

/** A conversation takes the focus itself: its first control is far from where one was. */
const firstIn = (root) => (root.matches(".log") ? root : (root.querySelector("button, input, [tabindex]") ?? root));
