// The mails that went out: their list, and beside it the one that is opened.
import { read } from "./api.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { drawMail } from "./mail-reading.js";
import { fully, momentOf, short } from "./moments.js";
import { go } from "./route.js";
import { drawSidebar, openDrawer } from "./sidebar.js";
import { store } from "./store.js";
import { trying } from "./toast.js";

const AT_ONCE = 100;
const main = document.getElementById("place");

/** Draws the place; returns {refresh, open, focus}. */
export function drawMails() {
  const list = el("ul", { class: "mails", aria: { label: "Mails, newest first" } });
  const more = el("button", { type: "button", class: "button more-mails", hidden: true }, "Older mails");
  const words = el("input", {
    type: "search",
    class: "field-input",
    placeholder: "Search by name, address or subject",
    aria: { label: "Search mails" },
  });
  const reading = el("article", { class: "mail-reading", tabindex: -1, aria: { label: "Mail" } });
  const part = { list, more, words, reading, limit: AT_ONCE, asked: 0, drawn: new Map(), opened: undefined, left: null };
  const frame = el(
    "div",
    { class: "mail-place" },
    el("section", { class: "mail-list", aria: { label: "Mails" } }, words, list, more),
    reading,
  );
  fill(main, head(), frame);
  part.frame = frame;
  words.addEventListener("input", () => refresh(part));
  more.addEventListener("click", () => {
    part.limit += AT_ONCE;
    refresh(part);
  });
  list.addEventListener("keydown", (event) => walk(event, list));
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && part.opened && event.target !== words) leave(part);
  });
  document.title = `Mail · ${store.team.name ?? "Workspace"}`;
  return {
    refresh: () => refresh(part),
    open: (id) => open(part, id),
    focus: () => (rowOf(part, part.opened) ?? words).focus(),
  };
}

function head() {
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
  const title = el(
    "div",
    { class: "place-title" },
    el("h2", {}, icon("mail"), "Mail"),
    el("p", { class: "mails-about" }, "what went out to people’s mailboxes; nothing leaves this machine"),
  );
  return el("header", { class: "place-head" }, drawer, title);
}

/** Fetches the list and draws it; of several requests under way only the last one counts. */
async function refresh(part) {
  const turn = (part.asked += 1);
  await trying(async () => {
    const query = { as: store.me, limit: part.limit, words: part.words.value };
    const answer = await read("mails", query);
    if (turn !== part.asked) return;
    count(answer.unread);
    drawList(part, answer);
  });
}

function count(unread) {
  store.unreadMails = unread;
  drawSidebar("mail");
}

function drawList(part, { mails, has_more: hasMore }) {
  const fresh = new Map();
  for (const mail of mails) {
    const signature = JSON.stringify([mail, mail.id === part.opened]);
    const known = part.drawn.get(mail.id);
    fresh.set(mail.id, known?.signature === signature ? known : { signature, node: row(mail, part.opened) });
  }
  const held = part.list.contains(document.activeElement) ? document.activeElement.dataset.mail : null;
  const nodes = [...fresh.values()].map(({ node }) => node);
  fill(part.list, nodes.length > 0 ? nodes : nothing(part));
  part.drawn = fresh;
  part.more.hidden = !hasMore;
  if (held) rowOf(part, held)?.focus({ preventScroll: true });
}

const nothing = (part) =>
  el("li", { class: "no-mails" }, part.words.value ? "No mail has these words." : "No mail has gone out yet.");

function row(mail, opened) {
  const link = el(
    "a",
    {
      href: `#mail/${mail.id}`,
      class: `mail-row${mail.is_unread ? " unread" : ""}`,
      data: { mail: mail.id },
      aria: { current: mail.id === opened ? "true" : null },
    },
    el("span", { class: "mail-to" }, mail.is_unread && el("span", { class: "unseen" }, "Unread "), mail.to),
    mail.badge && badge(mail.badge),
    el("time", { title: fully(momentOf(mail)) }, short(momentOf(mail))),
    el("span", { class: "mail-subject" }, mail.subject || "(no subject)"),
  );
  return el("li", {}, link);
}

/** The word that says what a calendar part is. */
export const badge = (word) => el("span", { class: `mail-badge ${word.split(" ")[0].toLowerCase()}` }, word);

/** Opens a mail beside the list; without an id, the list alone. */
async function open(part, id) {
  const before = part.opened;
  part.opened = id ?? null;
  part.frame.classList.toggle("reads", Boolean(id));
  if (before === part.opened) return;
  mark(part, before, false);
  if (!id) return close(part);
  await trying(async () => {
    const mail = await read("mail", { as: store.me, id });
    if (part.opened !== id) return;
    fill(part.reading, ...drawMail(mail, () => leave(part)));
    part.reading.scrollTop = 0;
    mark(part, id, true);
    count(mail.unread);
    if (isAlone(part)) part.reading.focus({ preventScroll: true });
  });
}

/** The list alone; the focus goes back to the mail one comes from. */
function close(part) {
  fill(part.reading, invite());
  rowOf(part, part.left)?.focus();
  part.left = null;
}

const invite = () => el("p", { class: "empty-place" }, "Choose a mail to read it.");

/** On a narrow window there is room for the list or for a mail. */
const isAlone = ({ list }) => list.offsetParent === null;

function mark(part, id, isOpen) {
  const link = rowOf(part, id);
  if (!link) return;
  if (isOpen) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
  if (!isOpen) return;
  link.classList.remove("unread");
  link.querySelector(".unseen")?.remove();
}

const rowOf = (part, id) => part.list.querySelector(`[data-mail="${CSS.escape(id ?? "")}"]`);

function leave(part) {
  part.left = part.opened;
  go("mail");
}

function walk(event, list) {
  if (!["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const all = [...list.querySelectorAll(".mail-row")];
  const at = all.indexOf(document.activeElement);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
}
