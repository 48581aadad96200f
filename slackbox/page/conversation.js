// The messages of a channel or a thread, by day; only what changed is drawn anew.
import { read } from "./api.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { drawMessage } from "./message.js";
import { dayName, momentOf } from "./moments.js";
import { store } from "./store.js";
import { keepingFocus } from "./surface.js";
import { trying } from "./toast.js";

const CLOSE_BY = 5 * 60;

/**
 * {node, below, refresh, reveal, toEnd} of a channel, or of one thread in it; `below` leads to what came
 * further down, `empty()` makes what stands there before the first word.
 */
export function conversation({ channel, thread, label, empty }) {
  const node = el("div", { class: "log", role: "log", tabindex: -1, aria: { label } });
  const part = { node, channel, thread, empty, drawn: new Map(), asked: 0, atEnd: true };
  part.below = el(
    "button",
    { type: "button", class: "below", hidden: true, onclick: () => leap(part) },
    "New below",
    icon("down"),
  );
  node.addEventListener("scroll", () => {
    part.atEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 60;
    if (part.atEnd) part.below.hidden = true;
  });
  new ResizeObserver(() => part.atEnd && toEnd(part)).observe(node);
  node.addEventListener("load", () => part.atEnd && toEnd(part), true);
  node.addEventListener("keydown", (event) => walk(event, node));
  node.addEventListener("focusin", (event) => rove(node, event.target.closest(".message")));
  return {
    node,
    below: part.below,
    refresh: () => refresh(part),
    reveal: (ts) => reveal(part, ts),
    toEnd: () => toEnd(part),
  };
}

/** Fetches and draws; of several requests under way only the last one counts. */
async function refresh(part) {
  const turn = (part.asked += 1);
  await trying(async () => {
    const query = { as: store.me, channel: part.channel };
    if (part.thread) query.thread = part.thread;
    const { messages } = await read("messages", query);
    if (turn === part.asked) keepingFocus(part.node, () => keepingPlace(part, () => draw(part, messages)));
  });
}

/** At the end one stays at the end; elsewhere what is read stays where it is, whatever changes above. */
function keepingPlace(part, redraw) {
  const seen = part.atEnd ? [] : onScreen(part);
  redraw();
  if (part.atEnd) toEnd(part);
  const held = seen.find(({ key }) => part.drawn.has(key));
  if (!part.atEnd && held) part.node.scrollTop += topOf(part.drawn.get(held.key).node) - held.top;
}

/** What can be seen, from above: several, because the uppermost may be gone after the next drawing. */
function onScreen({ node, drawn }) {
  const frame = node.getBoundingClientRect();
  return [...drawn]
    .map(([key, { node: child }]) => ({ key, ...edges(child) }))
    .filter(({ top, bottom }) => bottom > frame.top && top < frame.bottom);
}

function edges(child) {
  const { top, bottom } = child.getBoundingClientRect();
  return { top, bottom };
}

const topOf = (node) => node.getBoundingClientRect().top;

function draw(part, messages) {
  const fresh = new Map();
  let before = null;
  for (const message of messages.filter((message) => belongs(message, part))) {
    const day = dayName(momentOf(message));
    if (!before || day !== dayName(momentOf(before)))
      keep(part, fresh, `day ${day}`, "", () => separator(day));
    const compact = continues(before, message);
    const signature = JSON.stringify([message, compact]);
    keep(part, fresh, message.ts, signature, () => drawMessage(message, { ...part, compact }));
    if (part.thread && !before) keep(part, fresh, "count", String(message.reply_count), () => count(message));
    before = message;
  }
  if (fresh.size === 0)
    keep(part, fresh, "empty", "", () => el("div", { class: "empty-place" }, part.empty()));
  const came = before && !part.drawn.has(before.ts);
  settle(part, fresh);
  if (came && before.user === store.me) part.atEnd = true;
  part.below.hidden = part.atEnd || !(came || !part.below.hidden);
  rove(part.node, null);
}

/** Puts the fresh nodes in order, moving only those that are not where they belong. */
function settle(part, fresh) {
  const nodes = [...fresh.values()].map(({ node }) => node);
  const wanted = new Set(nodes);
  for (const child of [...part.node.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (part.node.children[at] !== node) part.node.insertBefore(node, part.node.children[at] ?? null);
  });
  part.drawn = fresh;
}

function keep(part, fresh, key, signature, make) {
  const known = part.drawn.get(key);
  fresh.set(key, known?.signature === signature ? known : { signature, node: make() });
}

const belongs = (message, { thread }) =>
  thread || !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

function continues(before, message) {
  if (!before || before.user !== message.user || before.ephemeral || message.ephemeral) return false;
  if (before.subtype || message.subtype || before.reply_count) return false;
  const apart = (momentOf(message) - momentOf(before)) / 1000;
  return apart < CLOSE_BY && dayName(momentOf(before)) === dayName(momentOf(message));
}

const separator = (day) =>
  el("div", { class: "day", role: "separator", aria: { label: day } }, el("span", {}, day));

function count({ reply_count: replies }) {
  const words = replies === 1 ? "1 reply" : `${replies ?? 0} replies`;
  return el(
    "div",
    { class: "day left", role: "separator" },
    el("span", {}, replies ? words : "No replies yet"),
  );
}

/** The button that leads there is gone then; the focus goes along. */
function leap(part) {
  toEnd(part);
  part.node.focus({ preventScroll: true });
}

function toEnd(part) {
  part.atEnd = true;
  part.below.hidden = true;
  part.node.scrollTop = part.node.scrollHeight;
}

/** One message at a time is a tab stop; the arrow keys walk. */
function rove(node, chosen) {
  const all = [...node.querySelectorAll(".message")];
  const stop = chosen ?? all.find((message) => message.tabIndex === 0) ?? all.at(-1);
  for (const message of all) message.tabIndex = message === stop ? 0 : -1;
}

function walk(event, node) {
  if (!event.target.matches(".message") || !["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key))
    return;
  event.preventDefault();
  const all = [...node.querySelectorAll(".message")];
  const at = all.indexOf(event.target);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  all[Math.max(0, Math.min(to, all.length - 1))].focus();
}

function reveal(part, ts) {
  const message = part.drawn.get(ts)?.node;
  if (!message) return false;
  message.scrollIntoView({ block: "center" });
  part.atEnd = false;
  message.classList.add("revealed");
  message.focus({ preventScroll: true });
  setTimeout(() => message.classList.remove("revealed"), 3000);
  return true;
}
