// Select menus: their options from the block, the people, or the conversations.
import { avatar } from "./avatar.js";
import { choice } from "./choice.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { wordsOf } from "./text.js";

// Each kind: where its options come from, under which name its pick travels, its initial value.
const KINDS = {
  static_select: { source: given, one: "selected_option", start: "initial_option" },
  multi_static_select: { source: given, many: "selected_options", start: "initial_options" },
  external_select: { source: given, one: "selected_option", start: "initial_option" },
  multi_external_select: { source: given, many: "selected_options", start: "initial_options" },
  users_select: { source: everybody, one: "selected_user", start: "initial_user" },
  multi_users_select: { source: everybody, many: "selected_users", start: "initial_users" },
  conversations_select: {
    source: conversations,
    one: "selected_conversation",
    start: "initial_conversation",
  },
  multi_conversations_select: {
    source: conversations,
    many: "selected_conversations",
    start: "initial_conversations",
  },
  channels_select: { source: publicChannels, one: "selected_channel", start: "initial_channel" },
  multi_channels_select: { source: publicChannels, many: "selected_channels", start: "initial_channels" },
};

export const isSelect = (part) => Object.hasOwn(KINDS, part.type);

/** A select element: {node, read, control}. */
export function select(part, hear, { label, initial, optional }) {
  const { source, one, many, start } = KINDS[part.type];
  const options = source(part);
  const field = one ?? many;
  const before = initial ? initial[field] : part[start];
  const chosen = [before ?? []].flat().map((value) => value?.value ?? value);
  const valueOf = (key) => options.find((option) => option.key === key)?.value ?? key;
  const read = () => {
    const keys = node.keys().map(valueOf);
    return { [field]: one ? (keys[0] ?? null) : keys };
  };
  const placeholder = wordsOf(part.placeholder);
  const node = choice({
    label: label || placeholder || "Choose",
    placeholder,
    options,
    chosen,
    multiple: Boolean(many),
    max: part.max_selected_items,
    clearable: optional,
    changed: () => hear(read()),
  });
  return { node, read, control: node.querySelector("input") };
}

function given(part) {
  const groups = part.option_groups ?? [{ options: part.options ?? [] }];
  return groups.flatMap((group) =>
    (group.options ?? []).map((option) => ({
      key: option.value,
      value: option,
      label: wordsOf(option.text),
      note: wordsOf(option.description),
      group: wordsOf(group.label),
    })),
  );
}

function everybody() {
  return [...store.users.values()]
    .filter((user) => !user.deleted)
    .map((user) => ({
      key: user.id,
      label: user.real_name || user.name,
      note: `@${user.name}`,
      face: () => avatar(user.id, "small"),
    }));
}

const channelOption = (channel) => ({
  key: channel.id,
  label: channel.name,
  face: () => icon(channel.kind === "private" ? "lock" : "hash"),
});

function conversations(part) {
  const kinds = part.filter?.include;
  const named = { channel: "public", private: "private", im: "im" };
  return [...store.channels.values()]
    .filter((channel) => channel.kind !== "im" && (!kinds || kinds.includes(named[channel.kind])))
    .filter((channel) => !channel.archived)
    .map(channelOption);
}

function publicChannels() {
  return [...store.channels.values()]
    .filter(({ kind, archived }) => kind === "channel" && !archived)
    .map(channelOption);
}
