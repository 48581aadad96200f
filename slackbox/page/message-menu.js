// What can be done with a message: reply, the app's shortcuts, link, edit, delete.
import { send } from "./api.js";
import { asks } from "./confirm.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { unescape } from "./mrkdwn.js";
import { menuButton } from "./popup.js";
import { go, permalink, threadHash } from "./route.js";
import { store } from "./store.js";
import { toast, trying } from "./toast.js";

/** The small bar that shows over a message with the pointer or the focus on it. */
export function toolbar(message, { channel, thread, content }) {
  const place = { message, channel, content };
  const reply = () => go(threadHash(channel, message.thread_ts || message.ts));
  const canReply = !thread && !message.ephemeral;
  return el(
    "div",
    { class: "toolbar" },
    canReply &&
      el(
        "button",
        {
          type: "button",
          class: "tool",
          title: "Reply in thread",
          aria: { label: "Reply in thread" },
          onclick: reply,
        },
        icon("reply"),
      ),
    menuButton({
      label: "More actions",
      className: "tool",
      face: icon("more"),
      entries: () => entries(place, canReply && reply),
    }),
  );
}

function entries(place, reply) {
  if (place.message.ephemeral) return [{ label: "Dismiss", does: () => remove(place) }];
  const mine = place.message.user === store.me;
  return [
    ...shortcuts(place),
    reply && { label: "Reply in thread", does: reply },
    { label: "Copy link", does: () => copyLink(place) },
    mine && { label: "Edit message", does: () => edit(place) },
    mine && { label: "Delete message…", danger: true, does: () => removeAsked(place) },
  ].filter(Boolean);
}

function shortcuts({ message, channel }) {
  return store.shortcuts
    .filter(({ type }) => type === "message" || type === "message_action")
    .map(({ callback_id: id, name }) => ({
      label: name,
      note: store.app?.name,
      face: icon("bolt"),
      does: () => trying(() => send("shortcut", { as: store.me, callback_id: id, channel, ts: message.ts })),
    }));
}

async function copyLink({ message, channel }) {
  const address = permalink(channel, message);
  try {
    await navigator.clipboard.writeText(address);
    toast("Link copied");
  } catch {
    toast(address);
  }
}

const remove = ({ message, channel }) =>
  trying(() => send("delete", { as: store.me, channel, ts: message.ts }));

async function removeAsked(place) {
  const sure = await asks({
    title: "Delete message",
    text: "Are you sure you want to delete this message? This cannot be undone.",
    confirm: "Delete",
    style: "danger",
  });
  if (sure) remove(place);
}

function edit({ message, channel, content }) {
  const before = [...content.childNodes];
  const box = el("textarea", { class: "field-input", rows: 2, aria: { label: "Edit message" } });
  box.value = unescape(message.text).replace(
    /<@(\w+)(?:\|[^>]*)?>/g,
    (_, id) => `@${store.users.get(id)?.name ?? id}`,
  );
  const leave = () => fill(content, ...before);
  const save = async () => {
    if (await trying(() => send("edit", { as: store.me, channel, ts: message.ts, text: box.value }))) leave();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  });
  fill(
    content,
    box,
    el(
      "div",
      { class: "edit-buttons" },
      el("button", { type: "button", class: "button plain", onclick: leave }, "Cancel"),
      el("button", { type: "button", class: "button primary", onclick: save }, "Save"),
    ),
  );
  box.focus();
}
