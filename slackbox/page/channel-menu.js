// What can be done with a channel: join, leave, invite, rename, archive.
import { send } from "./api.js";
import { avatar } from "./avatar.js";
import { asks, asksFor } from "./confirm.js";
import { icon } from "./icons.js";
import { menu, menuButton } from "./popup.js";
import { nameOf, store } from "./store.js";
import { trying } from "./toast.js";

const change = (what, channel, more = {}) =>
  trying(() => send(what, { as: store.me, channel: channel.id, ...more }));

/** Joins a channel. */
export const join = (channel) => change("join", channel);

/** The button with the channel's menu. */
export function channelMenu(channel) {
  const button = menuButton({
    label: `About #${channel.name}`,
    className: "quiet-button",
    face: icon("more"),
    entries: () => entries(channel, button),
  });
  return button;
}

function entries(channel, anchor) {
  if (channel.archived) return [{ label: "Unarchive channel", does: () => change("unarchive", channel) }];
  if (!channel.is_member) return [{ label: "Join channel", does: () => join(channel) }];
  return [
    { label: "Add somebody…", does: () => pick(channel, anchor, "invite", "Add to channel") },
    { label: "Remove somebody…", does: () => pick(channel, anchor, "kick", "Remove from channel") },
    { label: "Rename channel…", does: () => rename(channel) },
    { label: "Leave channel", does: () => change("leave", channel) },
    { label: "Archive channel…", danger: true, does: () => archive(channel) },
  ];
}

function pick(channel, anchor, what, label) {
  const everybody = [...store.users.values()].filter(({ id, deleted }) => id !== store.me && !deleted);
  const known = channel.members;
  const fitting = known ? everybody.filter(({ id }) => known.includes(id) === (what === "kick")) : everybody;
  menu(
    anchor,
    fitting.map(({ id, name }) => ({
      label: nameOf(id),
      note: `@${name}`,
      face: avatar(id, "small"),
      does: () => change(what, channel, { user: id }),
    })),
    { label },
  );
}

async function rename(channel) {
  const name = await asksFor({
    title: "Rename channel",
    label: "Name",
    value: channel.name,
    confirm: "Rename",
  });
  if (name && name !== channel.name) change("rename", channel, { name });
}

async function archive(channel) {
  const sure = await asks({
    title: "Archive channel",
    text: `Nobody will be able to write in #${channel.name} until it is unarchived.`,
    confirm: "Archive",
    style: "danger",
  });
  if (sure) change("archive", channel);
}
