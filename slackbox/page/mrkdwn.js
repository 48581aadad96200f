// Slack's mrkdwn as nodes: bold, italic, strike, code, quotes, links, mentions, dates, emoji.
import { el } from "./dom.js";
import { emoji, withDrawn } from "./emoji.js";
import { broadcast, channelMention, link, userMention } from "./mentions.js";
import { dated } from "./moments.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** The characters Slack escapes, back as typed. */
export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

/** Nodes of a mrkdwn text; `verbatim` leaves bare addresses alone. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const parts = String(text ?? "").split(/```\n?([\s\S]+?)```\n?/);
  return parts.flatMap((part, index) =>
    index % 2 ? el("pre", {}, unescape(codeText(part).replace(/\n$/, ""))) : quotesAndLines(part, verbatim),
  );
}

/** Inside code only links and entities count, as their labels. */
const codeText = (text) => text.replace(/<([^>|]+)(?:\|([^>]*))?>/g, (_, target, label) => label || target);

function quotesAndLines(text, verbatim) {
  const nodes = [];
  let quoted = null;
  for (const line of text.split("\n")) {
    const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if (quote) {
      if (quoted) quoted.append("\n");
      else nodes.push((quoted = el("blockquote")));
      quoted.append(...inline(quote[1], verbatim));
      continue;
    }
    if (nodes.length > 0 && !quoted) nodes.push("\n");
    quoted = null;
    nodes.push(...inline(line, verbatim));
  }
  return nodes;
}

const STYLES = { "*": "strong", _: "em", "~": "s" };

// One alternative per construct; a style's mark opens after a non-word and closes before one.
const CONSTRUCTS = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<entity>[^<>\\n]+)>",
    "(?<![\\p{L}\\p{N}*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\p{L}\\p{N}_])",
    "(?<![\\p{L}\\p{N}~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\p{L}\\p{N}~])",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<address>https?://[^\\s<>|]*[^\\s<>|.,;:!?)\\]'\"])",
  ].join("|"),
  "gu",
);

/** Nodes of one line. */
export function inline(text, verbatim = false) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(CONSTRUCTS)) {
    const node = construct(match, verbatim);
    if (node === null) continue;
    if (match.index > end) nodes.push(...withDrawn(unescape(text.slice(end, match.index))));
    nodes.push(node);
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(...withDrawn(unescape(text.slice(end))));
  return nodes;
}

function construct({ groups }, verbatim) {
  if (groups.code) return el("code", {}, unescape(codeText(groups.code)));
  if (groups.entity) return entity(groups.entity);
  if (groups.emoji) return emoji(groups.emoji);
  if (groups.address) return verbatim ? null : link(unescape(groups.address));
  const [mark, inner] = groups.bold
    ? ["*", groups.bold]
    : groups.italic
      ? ["_", groups.italic]
      : ["~", groups.strike];
  return el(STYLES[mark], {}, ...inline(inner, verbatim));
}

function entity(body) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (target.startsWith("@")) return userMention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) return dateEntity(target, label);
  if (target.startsWith("!subteam^")) return broadcast(label.replace(/^@/, "") || "group");
  if (target.startsWith("!")) return broadcast(label.replace(/^@/, "") || target.slice(1));
  if (!/^[a-z][a-z0-9+.-]*:/i.test(target)) return `<${unescape(body)}>`;
  return link(unescape(target), label);
}

function dateEntity(target, fallback) {
  const [, seconds, pattern = "", url] = target.split("^");
  const text = dated(seconds, unescape(pattern)) ?? fallback;
  return url ? link(unescape(url), text) : el("time", { class: "moment", title: fallback }, text);
}
