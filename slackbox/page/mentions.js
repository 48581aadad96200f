// People, channels, broadcasts and links inside text.
import { el } from "./dom.js";
import { person, store } from "./store.js";

/** @Anna Kern. */
export function userMention(id) {
  const mine = id === store.me ? " mine" : "";
  const who = person(id);
  return el("span", { class: `mention${mine}`, title: `@${who.name}` }, `@${who.real_name || who.name}`);
}

/** #alpha, leading there. */
export function channelMention(id, name) {
  const known = store.channels.get(id);
  const label = `#${known?.name ?? (name || "private-channel")}`;
  return known
    ? el("a", { class: "mention", href: `#${id}` }, label)
    : el("span", { class: "mention" }, label);
}

/** @here, @channel, @everyone, or a user group. */
export const broadcast = (name) => el("span", { class: "mention mine" }, `@${name}`);

/** A link; addresses other than web, mail and phone stay text. */
export function link(url, label) {
  const text = label === undefined || label.length === 0 ? String(url) : label;
  const target = safe(url);
  if (!target) return el("span", { class: "dead-link" }, text);
  const inside = sameWorkspace(target);
  if (inside) return el("a", { href: inside }, text);
  return el("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** The address when a page may follow it, else null. */
export function safe(url) {
  try {
    const text = String(url);
    const parsed = /^\/(?!\/)/.test(text) ? new URL(text, location.origin) : new URL(text);
    return ["http:", "https:", "mailto:", "tel:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

function sameWorkspace(target) {
  const { origin, hash, pathname, search } = new URL(target);
  if (origin !== location.origin) return null;
  if (pathname.startsWith("/archives/")) return `#${pathname.slice("/archives/".length)}${search}`;
  return hash || null;
}
