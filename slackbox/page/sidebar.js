// The sidebar: who one is, channels, direct messages and the app, with what is unread.
import { avatar } from "./avatar.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { identity } from "./identity.js";
import { addChannel } from "./new-channel.js";
import { officeTime } from "./office-time.js";
import { appConversation, nameOf, store } from "./store.js";

const bar = document.getElementById("sidebar");
const veil = document.getElementById("veil");
const narrow = matchMedia("(max-width: 760px)");

let drawn = "";

/** Draws the sidebar, anew where something changed; `current` is the place on screen. */
export function drawSidebar(current) {
  const { me, team, app, channels, unread, unreadMails, users, officeTime: office } = store;
  const now = JSON.stringify([
    me,
    team,
    app,
    office,
    current,
    [...channels.values()],
    [...unread],
    unreadMails,
    [...users.values()],
  ]);
  if (now === drawn) return;
  drawn = now;
  const held = bar.contains(document.activeElement) ? (document.activeElement.dataset.place ?? "me") : null;
  draw(current);
  if (held) bar.querySelector(held === "me" ? ".identity" : `[data-place="${CSS.escape(held)}"]`)?.focus();
}

function draw(current) {
  const channels = [...store.channels.values()].filter(({ kind }) => kind !== "im");
  const joined = channels.filter(({ is_member: member, archived }) => member && !archived);
  const others = channels.filter((channel) => !joined.includes(channel));
  const app = appConversation();
  const direct = [...store.channels.values()].filter((channel) => channel.kind === "im" && channel !== app);
  fill(
    bar,
    el(
      "header",
      { class: "team" },
      el("span", { class: "team-mark", aria: { hidden: true } }, (store.team.name ?? "B")[0]),
      el("h1", {}, store.team.name ?? "Workspace"),
    ),
    identity(),
    el(
      "div",
      { class: "places" },
      app && group("Apps", [appRow(app, current)]),
      group(
        "Channels",
        joined.map((channel) => row(channel, current)),
        addButton(),
      ),
      others.length > 0 &&
        group(
          "Other channels",
          others.map((channel) => row(channel, current)),
        ),
      direct.length > 0 &&
        group(
          "Direct messages",
          direct.map((channel) => row(channel, current)),
        ),
      group("Outside Slack", [mailRow(current)]),
    ),
    officeTime(),
  );
}

function group(name, rows, button) {
  return el(
    "section",
    { class: "group" },
    el("header", {}, el("h2", {}, name), button),
    el("ul", {}, ...rows.map((item) => el("li", {}, item))),
  );
}

function row(channel, current) {
  const face =
    channel.kind === "im"
      ? avatar(channel.user ?? channel.id, "small")
      : icon(channel.kind === "private" ? "lock" : "hash");
  const name = channel.kind === "im" && channel.user ? nameOf(channel.user) : channel.name;
  return place(channel.id, {
    face,
    name,
    current: current === channel.id,
    unread: store.unread.get(channel.id),
    faded: !channel.is_member || channel.archived,
  });
}

function appRow(app, current) {
  const unread = store.unread.get(app.id);
  const target = unread || !store.app?.home_enabled ? app.id : "home";
  const { user_id: id, name } = store.app ?? {};
  return place(target, {
    face: avatar(id, "small"),
    name: name ?? app.name,
    unread,
    current: current === app.id || current === "home",
  });
}

const mailRow = (current) =>
  place("mail", {
    face: icon("mail"),
    name: "Mail",
    unread: store.unreadMails,
    current: current === "mail",
  });

function place(target, { face, name, current, unread, faded }) {
  return el(
    "a",
    {
      href: `#${target}`,
      class: `place-link${unread ? " unread" : ""}${faded ? " faded" : ""}`,
      data: { place: target },
      aria: { current: current ? "page" : null, label: unread ? `${name}, ${unread} unread` : name },
      onclick: () => openDrawer(false),
    },
    face,
    el("span", { class: "place-name" }, name),
    unread ? el("span", { class: "badge", aria: { hidden: true } }, unread > 99 ? "99+" : unread) : null,
  );
}

function addButton() {
  return el(
    "button",
    {
      type: "button",
      class: "quiet-button",
      title: "Add a channel",
      aria: { label: "Add a channel" },
      onclick: addChannel,
    },
    icon("plus"),
  );
}

/** Opens or closes the drawer the sidebar is on a phone. */
export function openDrawer(wanted) {
  const shown = wanted && narrow.matches;
  bar.classList.toggle("open", shown);
  veil.hidden = !shown;
  bar.inert = narrow.matches && !shown;
  if (shown) bar.querySelector("[aria-current], .identity")?.focus();
}

veil.addEventListener("click", () => openDrawer(false));
bar.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !bar.classList.contains("open")) return;
  openDrawer(false);
  document.querySelector(".drawer-button")?.focus();
});
narrow.addEventListener("change", () => openDrawer(false));
