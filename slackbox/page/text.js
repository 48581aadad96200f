// Text objects: plain_text to the letter, mrkdwn formatted.
import { el } from "./dom.js";
import { withDrawn, withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** Nodes of a text object (or of a bare string). */
export function textOf(object) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text, object);
  return object.emoji === false ? withDrawn(object.text) : withEmoji(object.text);
}

/** What a text object says, as a string: for labels, options and searching. */
export function wordsOf(object) {
  if (!object) return "";
  if (typeof object === "string") return object;
  return el("span", {}, ...textOf(object)).textContent;
}
