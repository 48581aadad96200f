// The markdown block: headings, lists, quotes, code, bold, italic, strike and links.
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mentions.js";

const MARKS = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "\\[(?<label>[^\\]\\n]+)\\]\\((?<url>[^)\\s]+)\\)",
    "\\*\\*(?<bold>[^*\\n]+)\\*\\*",
    "~~(?<strike>[^~\\n]+)~~",
    "(?<![\\p{L}\\p{N}])[*_](?<italic>[^*_\\n]+)[*_](?![\\p{L}\\p{N}])",
  ].join("|"),
  "gu",
);

/** Nodes of a markdown text. */
export function markdown(text) {
  const nodes = [];
  let open = null;
  for (const line of String(text ?? "").split("\n")) open = drawLine(line, open, nodes);
  return nodes;
}

const KINDS = [
  [/^```/, "pre"],
  [/^(#{1,6}) +(.*)$/, "heading"],
  [/^\s*[-*] +(.*)$/, "ul"],
  [/^\s*\d+[.)] +(.*)$/, "ol"],
  [/^> ?(.*)$/, "blockquote"],
];

function drawLine(line, open, nodes) {
  if (open?.tagName === "PRE") {
    if (line.startsWith("```")) return null;
    open.append(open.textContent ? `\n${line}` : line);
    return open;
  }
  const [pattern, kind] = KINDS.find(([regex]) => regex.test(line)) ?? [/^(.*)$/, "p"];
  const match = pattern.exec(line);
  if (kind === "heading") {
    nodes.push(el("h4", {}, ...spans(match[2])));
    return null;
  }
  if (kind === "p" && line.trim() === "") return null;
  const block = open?.tagName.toLowerCase() === kind ? open : el(kind);
  if (block !== open) nodes.push(block);
  if (kind === "ul" || kind === "ol") block.append(el("li", {}, ...spans(match[1])));
  else if (kind !== "pre") block.append(...(block.hasChildNodes() ? ["\n"] : []), ...spans(match[1]));
  return block;
}

function spans(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    nodes.push(...withEmoji(text.slice(end, match.index)), span(match.groups));
    end = match.index + match[0].length;
  }
  return [...nodes, ...withEmoji(text.slice(end))];
}

function span(groups) {
  if (groups.code) return el("code", {}, groups.code);
  if (groups.url) return link(groups.url, groups.label);
  if (groups.bold) return el("strong", {}, ...spans(groups.bold));
  if (groups.strike) return el("s", {}, ...spans(groups.strike));
  return el("em", {}, ...spans(groups.italic));
}
