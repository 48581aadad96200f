// Rich text blocks: sections, lists, quotes and preformatted text.
import { el } from "./dom.js";
import { emojiOrName, withDrawn } from "./emoji.js";
import { broadcast, channelMention, link, userMention } from "./mentions.js";
import { dated } from "./moments.js";

const PARTS = {
  rich_text_section: (part) => el("div", { class: "rich-section" }, ...leaves(part.elements)),
  rich_text_preformatted: (part) => el("pre", {}, ...leaves(part.elements)),
  rich_text_quote: (part) => el("blockquote", {}, ...leaves(part.elements)),
  rich_text_list: list,
};

/** The nodes of a rich_text block's elements. */
export function richText(elements = []) {
  return gathered(elements)
    .map((part) => PARTS[part.type]?.(part))
    .filter(Boolean);
}

function list(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const items = (part.elements ?? []).map((item) => el("li", {}, ...leaves(item.elements)));
  const node = el(tag, { class: `indent-${Math.min(part.indent ?? 0, 8)}` }, ...items);
  if (tag === "ol" && part.offset) node.start = part.offset + 1;
  return node;
}

/** Slack sends a nested list as a following list with a greater indent; numbering goes on after it, not after bullets. */
function gathered(elements) {
  const numbers = new Map();
  return elements.map((part) => {
    if (part.type !== "rich_text_list") {
      numbers.clear();
      return part;
    }
    const indent = part.indent ?? 0;
    for (const deeper of [...numbers.keys()]) if (deeper > indent) numbers.delete(deeper);
    if (part.style !== "ordered") {
      numbers.delete(indent);
      return part;
    }
    const offset = part.offset ?? numbers.get(indent) ?? 0;
    numbers.set(indent, offset + (part.elements ?? []).length);
    return { ...part, offset };
  });
}

const leaves = (elements = []) => elements.flatMap(leaf).filter(Boolean);

const LEAVES = {
  text: (leaf) => withDrawn(leaf.text),
  link: (leaf) => link(leaf.url, leaf.text),
  user: (leaf) => userMention(leaf.user_id),
  channel: (leaf) => channelMention(leaf.channel_id),
  usergroup: () => broadcast("group"),
  broadcast: (leaf) => broadcast(leaf.range),
  emoji: (leaf) => emojiOrName(leaf.name),
  color: (leaf) => el("code", {}, leaf.value),
  date: moment,
};

function moment(leaf) {
  const text = dated(leaf.timestamp, leaf.format ?? "") ?? leaf.fallback ?? "";
  return leaf.url ? link(leaf.url, text) : el("time", { class: "moment", title: leaf.fallback }, text);
}

function leaf(part) {
  const draw = LEAVES[part.type];
  return draw ? styled(draw(part), part.style) : null;
}

const TAGS = [
  ["code", "code"],
  ["strike", "s"],
  ["italic", "em"],
  ["bold", "strong"],
  ["underline", "u"],
];

function styled(node, style = {}) {
  return TAGS.reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}
