// One message: who, when, what, and what hangs on it.
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { emojiOrName } from "./emoji.js";
import { files } from "./files.js";
import { icon } from "./icons.js";
import { toolbar } from "./message-menu.js";
import { clock, fully, momentOf } from "./moments.js";
import { mrkdwn } from "./mrkdwn.js";
import { go, threadHash } from "./route.js";
import { nameOf, person } from "./store.js";
import { surface } from "./surface.js";

/** The article of a message; `compact` when it continues the one before. */
export function drawMessage(message, { channel, thread, compact }) {
  const moment = momentOf(message);
  const content = el("div", { class: "content" });
  const node = el(
    "article",
    {
      class: classOf(message, compact),
      tabindex: -1,
      data: { ts: message.ts },
      aria: { label: `${nameOf(message.user)}, ${clock(moment)}` },
    },
    el("div", { class: "gutter" }, compact ? stamp(moment) : avatar(message.user)),
    el(
      "div",
      { class: "message-body" },
      message.ephemeral && el("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      compact ? null : byline(message, moment),
      content,
      files(message.files),
      reactions(message.reactions),
      thread ? null : replies(message, channel),
    ),
    toolbar(message, { channel, thread, content }),
  );
  content.append(...contentOf(message, channel, node));
  return node;
}

function classOf(message, compact) {
  const marks = [compact && "compact", message.ephemeral && "ephemeral", message.subtype && "system"];
  return ["message", ...marks.filter(Boolean)].join(" ");
}

const stamp = (moment) => el("time", { datetime: moment.toISOString(), title: fully(moment) }, clock(moment));

function byline(message, moment) {
  const who = person(message.user);
  return el(
    "header",
    { class: "byline" },
    el("span", { class: "author" }, message.username ?? nameOf(message.user)),
    who.is_bot && el("span", { class: "app-mark" }, "APP"),
    who.is_guest && el("span", { class: "app-mark" }, "GUEST"),
    stamp(moment),
  );
}

function contentOf(message, channel, node) {
  const edited = message.edited && el("span", { class: "edited" }, "(edited)");
  if (!message.blocks?.length)
    return [el("div", { class: "text" }, ...mrkdwn(message.text), edited && [" ", edited])];
  const container = { type: "message", channel, ts: message.ts };
  return [
    ...drawBlocks(
      message.blocks,
      surface(container, () => node),
    ),
    edited,
  ].filter(Boolean);
}

function reactions(given) {
  if (!given?.length) return null;
  const pills = given.map(({ name, users = [], count }) => {
    const who = users.map(nameOf).join(", ");
    const title = `${who || "Somebody"} reacted with :${name}:`;
    return el(
      "li",
      { class: "reaction", title, aria: { label: title } },
      emojiOrName(name),
      ` ${count ?? users.length}`,
    );
  });
  return el("ul", { class: "reactions", aria: { label: "Reactions" } }, ...pills);
}

function replies(message, channel) {
  if (!message.reply_count) return null;
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el(
    "button",
    { type: "button", class: "replies", onclick: () => go(threadHash(channel, message.ts)) },
    icon("reply"),
    words,
  );
}
