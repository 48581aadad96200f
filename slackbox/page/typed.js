// Elements one types or picks a date in, on the browser's own inputs.
import { el } from "./dom.js";
import { wordsOf } from "./text.js";

const orNothing = (text) => (text === "" ? null : text);

// Each kind: the input's attributes, the name of its value, how that value is read and shown.
const KINDS = {
  plain_text_input: {
    props: () => ({ type: "text" }),
    field: "value",
    start: "initial_value",
    read: orNothing,
  },
  email_text_input: {
    props: () => ({ type: "email", inputmode: "email" }),
    field: "value",
    start: "initial_value",
    read: orNothing,
  },
  url_text_input: {
    props: () => ({ type: "url", inputmode: "url" }),
    field: "value",
    start: "initial_value",
    read: orNothing,
  },
  number_input: {
    props: (part) => ({
      type: "text",
      inputmode: part.is_decimal_allowed ? "decimal" : "numeric",
    }),
    field: "value",
    start: "initial_value",
    read: orNothing,
  },
  datepicker: {
    props: () => ({ type: "date" }),
    field: "selected_date",
    start: "initial_date",
    read: orNothing,
  },
  timepicker: {
    props: () => ({ type: "time" }),
    field: "selected_time",
    start: "initial_time",
    read: orNothing,
  },
  datetimepicker: {
    props: () => ({ type: "datetime-local" }),
    field: "selected_date_time",
    start: "initial_date_time",
    read: (text) => (text ? Math.floor(new Date(text).getTime() / 1000) : null),
    show: (seconds) => localInput(seconds),
  },
};

export const isTyped = (part) => Object.hasOwn(KINDS, part.type);

/** A typed element: {node, read}. */
export function typed(part, hear, { label, initial }) {
  const kind = KINDS[part.type];
  const before = initial ? initial[kind.field] : part[kind.start];
  const node = part.multiline
    ? el("textarea", { rows: 4, ...common(part, label) })
    : el("input", { ...kind.props(part), ...common(part, label) });
  node.value = before === undefined || before === null ? "" : (kind.show ?? String)(before);
  const read = () => ({ [kind.field]: kind.read(node.value) });
  listenTo(node, part, () => hear(read()));
  return { node, read };
}

function common(part, label) {
  const words = wordsOf(part.placeholder);
  return {
    class: "field-input",
    placeholder: words,
    autocomplete: "off",
    aria: { label: label || words || part.type.replaceAll("_", " ") },
    maxlength: part.max_length,
    minlength: part.min_length,
  };
}

function listenTo(node, part, hears) {
  if (!part.type.endsWith("_input")) {
    node.addEventListener("change", hears);
    return;
  }
  const triggers = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let waiting = 0;
  node.addEventListener("input", () => {
    clearTimeout(waiting);
    if (triggers.includes("on_character_entered")) waiting = setTimeout(hears, 300);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !part.multiline && triggers.includes("on_enter_pressed")) hears();
  });
}

function localInput(seconds) {
  const moment = new Date(seconds * 1000);
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
