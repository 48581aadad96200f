// "Who am I": everybody in the box, to look at the workspace with their eyes.
import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton } from "./popup.js";
import { announce, nameOf, people, person, store } from "./store.js";

/** The switch: a button with the person's face that opens the list of people. */
export function identity() {
  const who = person(store.me);
  const button = menuButton({
    label: "You are",
    role: "listbox",
    className: "identity",
    face: el(
      "span",
      { class: "identity-face" },
      avatar(store.me),
      el(
        "span",
        { class: "identity-words" },
        el("small", {}, "You are"),
        el("b", {}, who.real_name || who.name),
      ),
      icon("down"),
    ),
    entries: () =>
      people().map((user) => ({
        label: nameOf(user.id),
        note: noteOf(user),
        face: avatar(user.id),
        selected: user.id === store.me,
        does: () => announce("become", user.id),
      })),
  });
  button.setAttribute("aria-label", `You are ${nameOf(store.me)}. Switch person`);
  return button;
}

const noteOf = (user) => [`@${user.name}`, user.is_guest && "guest", user.title].filter(Boolean).join(" · ");
