// "Are you sure?", in the words of the app or of the page.
import { dialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { textOf } from "./text.js";

/** Shows a confirm object; true when the person confirms. */
export function asks(confirm) {
  return new Promise((resolve) => {
    const answer = (yes) => {
      box.remove();
      resolve(yes);
    };
    const box = dialog({
      title: textOf(confirm.title ?? "Are you sure?"),
      className: "confirm",
      closes: () => answer(false),
      submits: () => answer(true),
    });
    fill(box.body, el("div", { class: "text" }, ...textOf(confirm.text)));
    fill(
      box.foot,
      el(
        "button",
        { type: "button", class: "button plain", onclick: () => answer(false) },
        ...textOf(confirm.deny ?? "Cancel"),
      ),
      el(
        "button",
        {
          type: "submit",
          class: `button ${confirm.style === "danger" ? "danger" : "primary"}`,
          autofocus: true,
        },
        ...textOf(confirm.confirm ?? "Yes"),
      ),
    );
    box.foot.querySelector("[type=submit]").focus();
  });
}

/** Asks for one line of text; null when the person leaves. */
export function asksFor({ title, label, value = "", confirm }) {
  return new Promise((resolve) => {
    const answer = (text) => {
      box.remove();
      resolve(text);
    };
    const input = el("input", { type: "text", class: "field-input", maxlength: 80, value });
    const box = dialog({
      title,
      className: "confirm",
      closes: () => answer(null),
      submits: () => answer(input.value.trim() || null),
    });
    fill(
      box.body,
      el(
        "label",
        { class: "field-block" },
        el("span", { class: "field-label" }, label),
        input,
      ),
    );
    fill(
      box.foot,
      el("button", { type: "button", class: "button plain", onclick: () => answer(null) }, "Cancel"),
      el("button", { type: "submit", class: "button primary" }, confirm),
    );
    input.focus();
  });
}
