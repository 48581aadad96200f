// What the composer proposes: commands with their usage, people by name.
import { avatar } from "./avatar.js";
import { people, store } from "./store.js";

/** The proposals for `text` with the caret at `caret`: {from, to, items, kind} or null. */
export function proposals(text, caret) {
  const typed = text.slice(0, caret);
  const handle = /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u.exec(typed);
  if (handle) return byName(handle[1], caret);
  if (!typed.startsWith("/") || typed.includes("\n")) return null;
  return byCommand(typed, text.length);
}

function byName(part, caret) {
  const words = part.toLowerCase();
  const fits = ({ name, real_name: real = "" }) =>
    name.toLowerCase().startsWith(words) ||
    real
      .toLowerCase()
      .split(/\s+/)
      .some((word) => word.startsWith(words));
  const bots = [...store.users.values()].filter((user) => user.is_bot);
  const items = [...people(), ...bots].filter(fits).map((user) => ({
    text: `@${user.name}`,
    title: user.real_name || user.name,
    usage: `@${user.name}`,
    face: () => avatar(user.id, "small"),
  }));
  return { kind: "people", from: caret - part.length - 1, to: caret, items };
}

/** Every known command line: the commands themselves, then their completions. */
function lines() {
  const help = new Map(store.commandHelp.map(({ command, completions }) => [command, completions ?? []]));
  const commands = store.commands.map(({ command, description, usage_hint: usage }) => ({
    text: command,
    title: description,
    usage: usage ? `${command} ${usage}` : "",
    kind: "command",
  }));
  const named = new Set(commands.map(({ text }) => text));
  for (const command of help.keys())
    if (!named.has(command)) commands.push({ text: command, kind: "command" });
  return commands.flatMap((command) => [
    command,
    ...(help.get(command.text) ?? []).map((line) => completion(command.text, line)),
  ]);
}

const completion = (command, { text, usage, example }) => ({
  text: text.startsWith("/") ? text : `${command} ${text}`,
  usage: whole(command, usage),
  example: whole(command, example),
  kind: "completion",
});

const whole = (command, words) => (!words || words.startsWith("/") ? words : `${command} ${words}`);

function byCommand(typed, end) {
  const words = typed.toLowerCase().replace(/\s+/g, " ");
  const all = lines();
  let items = all.filter(({ text }) => text.toLowerCase().startsWith(words));
  if (!words.includes(" ")) {
    const inner = words.slice(1);
    const others = all.filter(
      (line) => !items.includes(line) && inner && line.text.toLowerCase().slice(1).includes(inner),
    );
    const commandsFirst = (line) => (line.kind === "command" ? 0 : 1);
    items = [...items.sort((one, other) => commandsFirst(one) - commandsFirst(other)), ...others];
  }
  return { kind: "commands", from: 0, to: end, items };
}

/** A few lines to begin with; before them, where the app is not in the channel yet, what brings it in. */
export function beginnings({ kind, members }) {
  const { app, users, firstLines } = store;
  const isOutside = app && kind !== "im" && members && !members.includes(app.user_id);
  return isOutside ? [`/invite @${users.get(app.user_id).name}`, ...firstLines] : firstLines;
}

/** The usage of the command line being typed, once it is past its completion. */
export function usageOf(text) {
  const words = text.toLowerCase().replace(/\s+/g, " ");
  if (!words.startsWith("/")) return null;
  const fitting = lines().filter(
    (line) => (line.usage || line.example) && `${words} `.startsWith(`${line.text.toLowerCase()} `),
  );
  return fitting.sort((one, other) => other.text.length - one.text.length)[0] ?? null;
}
