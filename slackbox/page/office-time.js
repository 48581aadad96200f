// Office time, where the box was given one: what the app believes it to be, and how to move it.
import { send } from "./api.js";
import { dialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { fully, typedMoment, withDay } from "./moments.js";
import { present, store, zone } from "./store.js";
import { trying } from "./toast.js";

const LOOK_AGAIN = 5000;
const shown = el("time", { class: "office-now" });

/** The foot of the sidebar: the time, and the ways to move it; null where there is none to move. */
export function officeTime() {
  if (!store.officeTime) return null;
  tick();
  const leaps = store.officeTime.steps.map((label, number) =>
    leap(label, `office-${number}`, () => trying(() => move({ step: number }))),
  );
  return el(
    "section",
    { class: "office-time", aria: { label: "Office time" } },
    el("div", { class: "office-words" }, icon("clock"), el("span", {}, "Office time"), shown),
    el("div", { class: "leaps" }, ...leaps, leap("Set…", "office-set", ask)),
  );
}

const leap = (label, place, onclick) =>
  el("button", { type: "button", class: "leap", data: { place }, onclick }, label);

const move = (body) => send("office-time", { as: store.me, ...body });

/** Shows the present moment of the office. */
export function tick() {
  const now = new Date(present());
  shown.dateTime = now.toISOString();
  shown.title = `${fully(now)} (${zone() ?? "your zone"})`;
  shown.textContent = withDay(now);
}

setInterval(() => shown.isConnected && tick(), LOOK_AGAIN);

function ask() {
  const moment = el("input", {
    type: "datetime-local",
    class: "field-input",
    value: typedMoment(new Date(present())),
    aria: { label: "Day and hour" },
  });
  const wrong = el("p", { class: "field-error", role: "alert", hidden: true });
  const field = el("div", { class: "field-block" }, moment, hint(), wrong);
  const box = dialog({
    title: "Set office time",
    className: "confirm",
    closes: () => box.remove(),
    submits: () =>
      move({ to: moment.value }).then(box.remove, (refusal) => {
        wrong.textContent = refusal.message;
        wrong.hidden = false;
        field.classList.add("wrong");
        moment.focus();
      }),
  });
  fill(box.body, field);
  fill(
    box.foot,
    el("button", { type: "button", class: "button plain", onclick: () => box.remove() }, "Cancel"),
    el("button", { type: "submit", class: "button primary" }, "Set"),
  );
  moment.focus();
}

const hint = () =>
  el(
    "p",
    { class: "field-hint" },
    `Time in ${zone() ?? "your zone"}. It moves forward only; whatever falls due on the way is sent.`,
  );
