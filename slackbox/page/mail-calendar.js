// The calendar part of a mail, drawn as a small calendar: what it is about, its months, its days.
import { send } from "./api.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { badge } from "./mail.js";
import { store } from "./store.js";
import { toast, trying } from "./toast.js";

const WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const ROLES = { CHAIR: "chair", "OPT-PARTICIPANT": "optional", "NON-PARTICIPANT": "for information" };
const ANSWERS = { ACCEPTED: "accepted", DECLINED: "declined", TENTATIVE: "maybe", DELEGATED: "delegated" };

/** The card of a calendar part. */
export function drawCalendar(mail) {
  const { calendar } = mail;
  return el(
    "section",
    { class: "calendar-card", aria: { label: "Calendar" } },
    el(
      "div",
      { class: "calendar-facts" },
      el("header", {}, badge(calendar.badge), el("h4", {}, calendar.title || "(no title)")),
      facts(calendar),
      calendar.is_single ? null : dates(calendar),
    ),
    el("div", { class: "months" }, ...calendar.months.map(month)),
    legend(calendar),
    mail.awaits_answer && answers(mail),
  );
}

const CHOICES = [
  ["ACCEPTED", "Accept"],
  ["TENTATIVE", "Maybe"],
  ["DECLINED", "Decline"],
];

/** What a mail program offers its reader; the answer leaves as a mail, too. */
function answers({ id, answer, to }) {
  const row = el("div", { class: "answers", role: "group", aria: { label: `Answer as ${to}` } });
  const buttons = CHOICES.map(([value, words]) => {
    const mark = icon("check");
    const press = () =>
      trying(async () => {
        await send("answer-mail", { as: store.me, mail: id, answer: value });
        choose(value);
        toast(`Mailed to the organizer as the answer of ${to}.`);
      });
    const button = el("button", { type: "button", class: "button", onclick: press }, mark, words);
    return { value, button, mark };
  });
  const choose = (chosen) => {
    for (const { value, button, mark } of buttons) {
      button.setAttribute("aria-pressed", String(value === chosen));
      mark.style.display = value === chosen ? "" : "none";
    }
  };
  choose(answer);
  row.append(...buttons.map(({ button }) => button), el("small", {}, `as ${to} in a mail program`));
  return row;
}

function facts(calendar) {
  const { is_single: isSingle, when, zone, place, organizer, attendees } = calendar;
  const known = [
    ["When", isSingle ? dates(calendar) : when],
    ["Series", isSingle && when],
    ["Zone", zone],
    ["Where", place],
    ["From", organizer && called(organizer)],
    ["For", attendees.map((attendee) => el("div", {}, called(attendee), how(attendee)))],
  ];
  const rows = known.filter(([, value]) => value && value.length !== 0);
  return el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

const called = ({ name, address }) => (name && name !== address ? `${name} (${address})` : address);

function how({ role, answer }) {
  const words = [ROLES[role], ANSWERS[answer]].filter(Boolean);
  return words.length > 0 && el("small", {}, ` · ${words.join(", ")}`);
}

function dates({ dates: told }) {
  if (told.length === 0) return null;
  return el("ul", { class: "single-dates" }, ...told.map(date));
}

function date({ was, now }) {
  return el(
    "li",
    {},
    was && el("s", { class: "was" }, was),
    was && now && el("span", { aria: { label: "is now" } }, " → "),
    now && el("b", {}, now),
    !now && el("span", { class: "no-meeting" }, " no meeting"),
  );
}

function month({ title, weeks }) {
  const names = WEEKDAYS.map((name) => el("th", { scope: "col" }, name));
  return el(
    "table",
    { class: "month" },
    el("caption", {}, title),
    el("thead", {}, el("tr", {}, ...names)),
    el("tbody", {}, ...weeks.map((week) => el("tr", {}, ...week.map(day)))),
  );
}

function day(shown) {
  if (!shown) return el("td", {});
  const { day: number, mark, is_told: isTold, is_today: isToday, words } = shown;
  const classes = [mark, mark && !isTold && "untold", isToday && "today"].filter(Boolean);
  const face = mark === "dropped" || mark === "left" ? el("s", {}, number) : number;
  return el(
    "td",
    { class: classes.join(" "), title: words || null, aria: { label: words || null } },
    el("span", {}, face),
  );
}

const MEANINGS = [
  ["meeting", "meeting"],
  ["moved", "moved here"],
  ["left", "moved away"],
  ["dropped", "cancelled"],
];

/** What the marks mean, as far as they are there. */
function legend({ months }) {
  const marks = new Set(months.flatMap(({ weeks }) => weeks.flat()).map((shown) => shown?.mark));
  const known = MEANINGS.filter(([mark]) => marks.has(mark));
  return el(
    "p",
    { class: "month-legend", aria: { hidden: true } },
    ...known.map(([mark, words]) => el("span", {}, el("i", { class: mark }), words)),
  );
}
