// Emoji names drawn as emoji; those that carry a meaning in reports look the same on every machine,
// also where no emoji font is installed.
import { drawing, el } from "./dom.js";
import { CHARACTERS } from "./emoji-characters.js";
import { DRAWN_AS, shapeOf } from "./emoji-shapes.js";

const NAMED = new Map(
  Object.entries(DRAWN_AS)
    .reverse()
    .map(([name, character]) => [character, name]),
);
const CHARACTER = new RegExp(`(${[...NAMED.keys()].join("|")})`, "u");
const NAME = /(:[a-z0-9_+-]+(?:::skin-tone-\d)?:)/;

/** The emoji of a name (without colons), or null when nobody drew it yet. */
export function emoji(name) {
  const plain = name.replace(/::skin-tone-\d$/, "");
  const shape = shapeOf(plain);
  if (shape) return drawn(plain, shape);
  const character = Object.hasOwn(CHARACTERS, plain) ? CHARACTERS[plain] : null;
  if (!character || !hasFont()) return null;
  return el("span", { class: "emoji", role: "img", aria: { label: `:${plain}:` } }, character);
}

/** A drawing with its character inside, so that copying the text copies it. */
function drawn(name, shape) {
  const character = el("span", { class: "character" }, DRAWN_AS[name]);
  return el(
    "span",
    { class: "emoji drawn", role: "img", aria: { label: `:${name}:` } },
    character,
    drawing(shape),
  );
}

let known = null;

/** Whether this machine can draw emoji at all; without a font the name says more than an empty box. */
function hasFont() {
  known ??= isColourful("🚀");
  return known;
}

function isColourful(character) {
  const canvas = el("canvas", { width: "20", height: "20" });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "16px sans-serif";
  pen.fillText(character, 0, 16);
  const { data } = pen.getImageData(0, 0, 20, 20);
  for (let at = 0; at < data.length; at += 4)
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return true;
  return false;
}

/** The emoji of a name, or the name between colons. */
export function emojiOrName(name) {
  return emoji(name) ?? document.createTextNode(`:${name}:`);
}

/** Text with its :names: drawn. */
export function withEmoji(text) {
  const parts = String(text ?? "").split(NAME);
  return parts.flatMap((part, index) => (index % 2 ? (emoji(part.slice(1, -1)) ?? part) : withDrawn(part)));
}

/** Text with those of its emoji characters drawn that are drawn here. */
export function withDrawn(text) {
  const parts = String(text ?? "").split(CHARACTER);
  return parts
    .map((part, index) => (index % 2 ? emoji(NAMED.get(part)) : part))
    .filter((part) => part !== "");
}
