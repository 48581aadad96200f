// The app's views: the top of the person's stack, as a dialog.
import { send } from "./api.js";
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { dialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { stateOf } from "./elements.js";
import { missing } from "./input.js";
import { store } from "./store.js";
import { keepingFocus, surface } from "./surface.js";
import { wordsOf } from "./text.js";
import { trying } from "./toast.js";

let shown = null;
const typedBefore = new Map();

/** Shows the top view, or none. What was typed stays when a view changes or comes back. */
export function showView(view) {
  if (!view) return leave();
  if (shown && JSON.stringify(shown.view) === JSON.stringify(view)) return undefined;
  if (shown) typedBefore.set(shown.view.id, stateOf(shown.box.body));
  else
    shown = {
      box: dialog({
        title: "",
        className: "modal",
        face: avatar(store.app?.user_id, "small"),
        closes: close,
        submits: submit,
      }),
    };
  const another = shown.view?.id !== view.id;
  shown.view = view;
  if (another) draw(view);
  else keepingFocus(shown.box.body, () => draw(view));
  if (another) focusFirst();
  return undefined;
}

/** The view on screen, if any. */
export const shownView = () => shown?.view ?? null;

function leave() {
  shown?.box.remove();
  shown = null;
  typedBefore.clear();
}

function draw(view) {
  const { heading, body, foot } = shown.box;
  const kept = (block, action) => typedBefore.get(view.id)?.[block]?.[action];
  const ways = surface({ type: "view", view_id: view.id }, () => body, { kept });
  fill(heading, wordsOf(view.title));
  fill(body, ...drawBlocks(view.blocks, ways));
  const needsSubmit = view.submit || view.blocks?.some(({ type }) => type === "input");
  fill(
    foot,
    el(
      "button",
      { type: "button", class: "button plain", onclick: close },
      wordsOf(view.close) || (needsSubmit ? "Cancel" : "Close"),
    ),
    needsSubmit &&
      el("button", { type: "submit", class: "button primary" }, wordsOf(view.submit) || "Submit"),
  );
}

function focusFirst() {
  const { body, foot } = shown.box;
  body.scrollTop = 0;
  const first =
    body.querySelector("[data-first]") ??
    body.querySelector("input, textarea, select, button") ??
    foot.querySelector("button");
  first?.focus();
  if (first?.matches("input[type=text], textarea"))
    first.setSelectionRange(first.value.length, first.value.length);
}

async function submit() {
  const { view, box } = shown;
  const state = stateOf(box.body);
  const errors = missing(view.blocks, state);
  if (complain(errors)) return;
  box.node.classList.add("busy");
  try {
    await trying(async () => {
      const answer = await send("submit", { as: store.me, view_id: view.id, state });
      complain(answer?.errors ?? {});
    });
  } finally {
    box.node.classList.remove("busy");
  }
}

/** Puts each error under its field; true when there was one. */
function complain(errors) {
  if (!shown) return false;
  let first = null;
  for (const field of shown.box.body.querySelectorAll("[data-field]")) {
    const text = errors[field.dataset.field];
    field.complain(text);
    if (text) first ??= field;
  }
  first?.querySelector("input, textarea")?.focus();
  first?.scrollIntoView({ block: "nearest" });
  return Object.keys(errors).length > 0;
}

async function close() {
  const { view } = shown;
  await trying(() => send("close", { as: store.me, view_id: view.id }));
}
