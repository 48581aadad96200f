// Starts the page, follows the address and what the workspace tells, and draws what changed.
import { follow, read } from "./api.js";
import { el, fill } from "./dom.js";
import { drawMails } from "./mail.js";
import { showView } from "./modal.js";
import { tick } from "./office-time.js";
import { drawConversation, drawHome } from "./place.js";
import { here } from "./route.js";
import { drawSidebar, openDrawer } from "./sidebar.js";
import { appConversation, listen, load, setClock, store } from "./store.js";
import { closeThread, openedThread, openThread } from "./thread.js";
import { toast, trying } from "./toast.js";

const REMEMBERED = "slackbox.me";
let current = { place: null };
let stream = null;

/** Looks at the workspace as `person`. */
async function become(person) {
  stream?.close();
  if (!(await load(person))) return;
  localStorage.setItem(REMEMBERED, store.me);
  history.replaceState(null, "", `?as=${encodeURIComponent(store.me)}${location.hash}`);
  stream = follow(store.me, { hears, returns, loses: () => document.body.classList.add("offline") });
  current = { place: null };
  closeThread();
  showView(await read("view", { as: store.me }).then(viewOf));
  await visit();
}

const viewOf = (answer) => (answer && "view" in answer ? answer.view : answer);

/** Draws the place the address names, or the nearest one this person may see. */
async function visit() {
  const wanted = here();
  const place = placeOf(wanted);
  if (!place) return;
  if (current.place !== place) enter(place);
  if (store.channels.has(place)) store.unread.set(place, 0);
  drawSidebar(place);
  await current.refresh();
  await detail(place, wanted);
}

function placeOf({ home, mail, channel }) {
  if (mail) return "mail";
  if (home && store.app?.home_enabled) return "home";
  if (store.channels.has(channel)) return channel;
  const first = [...store.channels.values()].find(
    ({ kind, is_member: member, archived }) => kind !== "im" && member && !archived,
  );
  const fallback = isMyApp(channel)
    ? appConversation()
    : (first ?? appConversation() ?? store.channels.values().next().value);
  if (!fallback) return null;
  history.replaceState(null, "", `#${fallback.id}`);
  return fallback.id;
}

/** Somebody else's conversation with the app becomes one's own. */
const isMyApp = (channel) => channel && channel === lastApp;
let lastApp = null;

function enter(place) {
  openDrawer(false);
  const channel = store.channels.get(place);
  current = { place, ...draw(place, channel) };
  lastApp = channel && channel === appConversation() ? place : lastApp;
  if (matchMedia("(hover: hover)").matches) current.focus?.();
}

const draw = (place, channel) =>
  place === "home" ? drawHome() : place === "mail" ? drawMails() : drawConversation(channel);

async function detail(place, { thread, message, mail }) {
  if (mail) {
    closeThread();
    return current.open(mail.opened);
  }
  if (thread) await openThread(place, thread, { reveals: message });
  else closeThread();
  if (message && !thread && !current.reveal(message))
    toast("That message cannot be found here.", { error: true });
}

const HEARS = {
  view: async (event) =>
    showView("view" in event ? event.view : viewOf(await read("view", { as: store.me }))),
  home: () => current.place === "home" && current.refresh(),
  channels: reload,
  mail: countMail,
  clock: (event) => {
    setClock(event.now);
    tick();
    return refreshAll();
  },
  toast: (event) => toast(event.text, { error: event.error }),
};

function hears(event) {
  if (HEARS[event.type]) return trying(() => HEARS[event.type](event));
  if (event.channel === current.place) current.refresh();
  else if (["message", "ephemeral"].includes(event.type) && event.user !== store.me) mark(event);
  const thread = openedThread();
  if (thread && thread.channel === event.channel) thread.refresh();
  return undefined;
}

function mark({ channel }) {
  if (!store.channels.has(channel)) return reload();
  store.unread.set(channel, (store.unread.get(channel) ?? 0) + 1);
  return drawSidebar(current.place);
}

const MAILS_TOGETHER = 150;
let came = 0;

/** Mails come in crowds: the page looks at them together. */
function countMail() {
  came += 1;
  if (came > 1) return;
  setTimeout(() => {
    store.unreadMails += came;
    came = 0;
    if (current.place === "mail") current.refresh();
    else drawSidebar(current.place);
  }, MAILS_TOGETHER);
}

async function reload() {
  const { place } = current;
  const before = frame(place);
  if (!(await load(store.me))) return;
  if (current.place === place && frame(place) !== before) current = { place: null };
  await visit();
}

/** What the frame around a conversation depends on; as long as it stays, a half-typed line stays too. */
function frame(place) {
  const { name, kind, archived, is_member: member } = store.channels.get(place) ?? {};
  return JSON.stringify([name, kind, archived, member]);
}

async function refreshAll() {
  await current.refresh?.();
  await openedThread()?.refresh();
}

async function returns() {
  document.body.classList.remove("offline");
  await trying(async () => {
    await reload();
    await refreshAll();
    showView(viewOf(await read("view", { as: store.me })));
  });
}

listen("become", (person) => trying(() => become(person)));
window.addEventListener("hashchange", () => trying(visit));
document.querySelector("[data-skip]").addEventListener("click", (event) => {
  event.preventDefault();
  current.focus?.();
});

async function start() {
  const asked = new URLSearchParams(location.search).get("as");
  const remembered = localStorage.getItem(REMEMBERED);
  try {
    await become(asked ?? remembered).catch(() => become(null));
  } catch (refusal) {
    fill(document.getElementById("place"), el("p", { class: "empty-place", role: "alert" }, refusal.message));
  }
}

start();
