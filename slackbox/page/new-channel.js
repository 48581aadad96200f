// Adding a channel: its name, and whether it is for its members only.
import { send } from "./api.js";
import { dialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { go } from "./route.js";
import { load, store } from "./store.js";
import { trying } from "./toast.js";

/** Asks for a new channel and goes there. */
export function addChannel() {
  const name = el("input", { type: "text", class: "field-input", maxlength: 80 });
  const isPrivate = el("input", { type: "checkbox" });
  const box = dialog({
    title: "Add a channel",
    className: "confirm",
    closes: () => box.remove(),
    submits: () => {
      if (!name.value.trim()) return;
      box.remove();
      trying(() => make(name.value, isPrivate.checked));
    },
  });
  fill(box.body, nameField(name), privateField(isPrivate));
  fill(
    box.foot,
    el("button", { type: "button", class: "button plain", onclick: () => box.remove() }, "Cancel"),
    el("button", { type: "submit", class: "button primary" }, "Add"),
  );
  name.focus();
}

const nameField = (input) =>
  el(
    "label",
    { class: "field-block" },
    el("span", { class: "field-label" }, "Name"),
    input,
    el("p", { class: "field-hint" }, "Small letters, digits and hyphens, such as project-beta."),
  );

const privateField = (input) =>
  el(
    "label",
    { class: "tick field-block" },
    input,
    el("span", {}, "Private", el("small", {}, "Only who is added sees it; an app has to be added, too.")),
  );

/** The page learns of the channel before it goes there; when it was learning already, it asks once more. */
async function make(name, isPrivate) {
  const wanted = name.trim().toLowerCase().replace(/^#/, "").replace(/\s+/g, "-");
  const { channel } = await send("channels", { as: store.me, name: wanted, private: isPrivate });
  (await load(store.me)) || (await load(store.me));
  go(channel);
}
