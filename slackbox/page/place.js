// The middle of the page: a channel, a direct message, or the app's two tabs.
import { avatar } from "./avatar.js";
import { channelMenu, join } from "./channel-menu.js";
import { beginnings } from "./completions.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { el, fill } from "./dom.js";
import { home } from "./home.js";
import { icon } from "./icons.js";
import { appConversation, nameOf, store } from "./store.js";
import { openDrawer } from "./sidebar.js";

const main = document.getElementById("place");

/** Draws a conversation; returns {refresh, reveal, focus}. */
export function drawConversation(channel) {
  const inApp = channel === appConversation();
  const name = titleOf(channel);
  const canWrite = channel.is_member !== false && !channel.archived;
  const box = canWrite ? composer({ channel: channel.id, label: `Message ${name}`, sends: () => log.toEnd() }) : null;
  const log = conversation({
    channel: channel.id,
    label: `Messages in ${name}`,
    empty: () => beginning(channel, inApp, box),
  });
  if (inApp && store.app?.home_enabled) panel(log.node);
  fill(
    main,
    head(channel, inApp),
    inApp && store.app?.home_enabled && tabs("messages", channel),
    log.node,
    log.below,
    box?.node ?? outside(channel),
  );
  document.title = `${name} · ${store.team.name ?? "Workspace"}`;
  return { refresh: log.refresh, reveal: log.reveal, focus: () => box?.focus() };
}

/** Draws the app's Home tab; returns {refresh}. */
export function drawHome() {
  const channel = appConversation();
  const shown = home();
  fill(main, head(channel, true), tabs("home", channel), shown.node);
  document.title = `${store.app?.name ?? "Home"} · ${store.team.name ?? "Workspace"}`;
  return { refresh: shown.refresh };
}

const titleOf = (channel) =>
  channel.kind !== "im"
    ? `#${channel.name}`
    : channel === appConversation()
      ? (store.app?.name ?? channel.name)
      : nameOf(channel.user);

function head(channel, inApp) {
  const drawer = el(
    "button",
    {
      type: "button",
      class: "quiet-button drawer-button",
      aria: { label: "Channels and people" },
      onclick: () => openDrawer(true),
    },
    icon("menu"),
  );
  const face = inApp
    ? avatar(store.app?.user_id, "small")
    : channel.kind === "im"
      ? avatar(channel.user, "small")
      : icon(channel.kind === "private" ? "lock" : "hash");
  const name = inApp ? (store.app?.name ?? channel.name) : titleOf(channel).replace(/^#/, "");
  const title = el(
    "div",
    { class: "place-title" },
    el("h2", {}, face, name),
    channel?.archived && el("span", { class: "app-mark" }, "ARCHIVED"),
  );
  return el(
    "header",
    { class: "place-head" },
    drawer,
    title,
    channel && channel.kind !== "im" && channelMenu(channel),
  );
}

function panel(node) {
  node.id = "messages-panel";
}

function tabs(current, channel) {
  const tab = (key, label, target) =>
    el(
      "a",
      {
        role: "tab",
        id: `${key}-tab`,
        href: `#${target}`,
        tabindex: key === current ? 0 : -1,
        aria: { selected: key === current, controls: `${key}-panel` },
      },
      label,
    );
  const list = el(
    "div",
    { class: "tabs", role: "tablist", aria: { label: store.app?.name } },
    tab("home", "Home", "home"),
    channel && tab("messages", "Messages", channel.id),
  );
  list.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = list.querySelector("[aria-selected=false]");
    other?.click();
    requestAnimationFrame(() => document.querySelector(".tabs [aria-selected=true]")?.focus());
  });
  return list;
}

function beginning(channel, inApp, box) {
  const words = inApp ? "This is where the app writes to you." : "Nothing here yet.";
  const tries = box
    ? beginnings(channel).map((text) =>
        el("button", { type: "button", class: "try", onclick: () => box.put(text) }, text),
      )
    : [];
  return [
    el("p", {}, `${words} ${box ? "Type / to see what can be done." : ""}`),
    tries.length > 0 &&
      el("div", { class: "tries", role: "group", aria: { label: "Try one of these" } }, ...tries),
  ];
}

function outside(channel) {
  if (channel.archived) return el("p", { class: "outside" }, "This channel is archived.");
  return el(
    "div",
    { class: "outside" },
    el("p", {}, `You are looking at #${channel.name}.`),
    el("button", { type: "button", class: "button primary", onclick: () => join(channel) }, "Join channel"),
  );
}
