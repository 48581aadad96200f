// The panel of one thread: its messages and a box to reply.
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { go } from "./route.js";
import { store } from "./store.js";

const panel = document.getElementById("thread");
let opened = null;

/** The thread on screen: {channel, ts, refresh, reveal} or null. */
export const openedThread = () => opened;

/** Opens the thread of a message beside the channel. */
export async function openThread(channel, ts, { reveals } = {}) {
  if (opened?.channel !== channel || opened.ts !== ts || opened.me !== store.me) draw(channel, ts);
  await opened.refresh();
  if (reveals) opened.reveal(reveals);
}

function draw(channel, ts) {
  const log = conversation({ channel, thread: ts, label: "Thread", empty: () => "This thread is empty." });
  const box = composer({ channel, thread: ts, label: "Reply…", sends: log.toEnd });
  opened = { channel, ts, me: store.me, refresh: log.refresh, reveal: log.reveal };
  const cross = el(
    "button",
    { type: "button", class: "quiet-button", aria: { label: "Close thread" }, onclick: () => go(channel) },
    icon("close"),
  );
  const where = store.channels.get(channel);
  fill(
    panel,
    el(
      "header",
      { class: "place-head" },
      el(
        "div",
        { class: "place-title" },
        el("h2", {}, "Thread"),
        el("p", {}, where?.kind === "im" ? where.name : `#${where?.name ?? ""}`),
      ),
      cross,
    ),
    log.node,
    log.below,
    box.node,
  );
  panel.hidden = false;
  panel.parentElement.classList.add("with-thread");
  panel.onkeydown = (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !event.target.value) go(channel);
  };
  box.focus();
}

/** Closes the panel; the focus goes back to the message it belongs to. */
export function closeThread() {
  if (!opened) return;
  const { ts } = opened;
  const hadFocus = panel.contains(document.activeElement);
  opened = null;
  panel.hidden = true;
  panel.parentElement.classList.remove("with-thread");
  fill(panel);
  if (hadFocus) document.querySelector(`#place [data-ts="${CSS.escape(ts)}"]`)?.focus();
}
