// What the page knows of the workspace, as the person it is acting for sees it.
import { read } from "./api.js";

export const store = {
  me: null,
  team: {},
  app: null,
  users: new Map(),
  channels: new Map(),
  commands: [],
  shortcuts: [],
  commandHelp: [],
  firstLines: [],
  unread: new Map(),
  unreadMails: 0,
  ahead: 0,
  officeTime: null,
};

const listeners = new Map();

/** Calls `does` whenever `topic` is announced. */
export function listen(topic, does) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(does);
}

/** Tells everybody who listens to `topic`. */
export function announce(topic, detail) {
  for (const does of listeners.get(topic) ?? []) does(detail);
}

let asked = 0;

/** Fetches the workspace as `person` (or whoever the box proposes) sees it; false when asked again since. */
export async function load(person) {
  const turn = (asked += 1);
  const state = await read("state", person ? { as: person } : {});
  if (turn !== asked) return false;
  store.me = idOf(state.me) ?? person;
  setClock(state.now);
  store.officeTime = state.office_time ?? null;
  store.team = state.team ?? {};
  store.app = state.app ?? null;
  store.users = new Map((state.users ?? []).map((user) => [user.id, user]));
  store.channels = new Map((state.channels ?? []).map((channel) => [channel.id, channel]));
  store.commands = state.commands ?? [];
  store.shortcuts = state.shortcuts ?? [];
  store.commandHelp = state.command_help ?? [];
  store.firstLines = state.first_lines ?? [];
  store.unreadMails = Number(state.unread_mails ?? 0);
  store.unread = new Map((state.channels ?? []).map(({ id, unread }) => [id, Number(unread ?? 0)]));
  return true;
}

const idOf = (person) => (typeof person === "object" ? person?.id : person);

const NOBODY = { name: "unknown", real_name: "Somebody", color: "6b7280", initials: "?" };
const SLACKBOT = { name: "slackbot", real_name: "Slackbot", color: "4b5563", initials: "S", is_bot: true };

/** The person or bot of an id; somebody unknown still has a face. */
export function person(id) {
  const known = store.users.get(id);
  if (known) return known;
  if (store.app && id === store.app.user_id) {
    return { ...NOBODY, id, name: store.app.name, real_name: store.app.name, is_bot: true, initials: "J" };
  }
  return id === "USLACKBOT" ? { id, ...SLACKBOT } : { id, ...NOBODY };
}

/** How a person is called on the page. */
export const nameOf = (id) => person(id).real_name || person(id).name;

/** Everybody one can act as. */
export const people = () => [...store.users.values()].filter((user) => !user.is_bot && !user.deleted);

/** The conversation with the app. */
export const appConversation = () =>
  [...store.channels.values()].find((channel) => channel.kind === "im" && isWithApp(channel)) ??
  [...store.channels.values()].find((channel) => channel.kind === "im");

function isWithApp(channel) {
  if (!store.app) return false;
  const other = channel.user ?? channel.with;
  return other === store.app.user_id || channel.name === store.app.name;
}

/** Follows the workspace's clock (in seconds), which may be set ahead of the browser's. */
export function setClock(now) {
  if (now) store.ahead = now * 1000 - Date.now();
}

/** The workspace's time, in milliseconds. */
export const present = () => Date.now() + store.ahead;

/** The reader's time zone, as far as it is known. */
export const zone = () => store.users.get(store.me)?.tz || undefined;
