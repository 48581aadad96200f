// Faces made of initials and a colour.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { person } from "./store.js";

const PALETTE = ["#2f5bb7", "#a3485c", "#2d7a5f", "#8a5a12", "#6b4fa0", "#1f7489", "#a34f23", "#5b6474"];

/** The face of a person or bot; decorative, the name stands beside it. */
export function avatar(id, size = "medium") {
  const who = person(id);
  const node = el("span", { class: `avatar ${size}${who.is_bot ? " bot" : ""}`, aria: { hidden: true } });
  node.style.backgroundColor = colourOf(who);
  node.append(who.is_bot ? icon("bolt") : who.initials || initialsOf(who));
  return node;
}

const BOT = "#24457f";

function colourOf(who) {
  if (who.is_bot) return BOT;
  const given = /^#?([0-9a-f]{6})$/i.exec(who.color ?? "");
  if (given && isDark(given[1])) return `#${given[1]}`;
  const sum = [...(who.id ?? who.name)].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return PALETTE[sum % PALETTE.length];
}

/** White initials need a ground dark enough to be read on (contrast 4.5 to 1). */
function isDark(hex) {
  const [red, green, blue] = [0, 2, 4].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue <= 0.183;
}

const linear = (part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

const initialsOf = (who) =>
  (who.real_name || who.name)
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
