// Moments as their reader sees them: in the reader's zone, in the reader's words.
import { present, zone } from "./store.js";

const DAY = 86_400_000;

function format(moment, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone(), ...options }).format(moment);
}

const dayKey = (moment) => format(moment, { year: "numeric", month: "2-digit", day: "2-digit" });

/** The moment of a message: of its ts, or of office time where there is one. */
export const momentOf = ({ ts, shown_at: shown }) => new Date((shown ?? Number.parseFloat(ts)) * 1000);

/** "10:02". */
export const clock = (moment) => format(moment, { hour: "2-digit", minute: "2-digit" });

/** "Tuesday, 24 November 2026 at 10:02", for titles. */
export const fully = (moment) => `${longDay(moment)} at ${clock(moment)}`;

const longDay = (moment) =>
  format(moment, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** "Mon 23 Nov 2026, 07:55". */
export const withDay = (moment) =>
  `${format(moment, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).replace(",", "")}, ${clock(moment)}`;

/** "10:02" today, else "24 Nov". */
export const short = (moment) =>
  dayKey(moment) === dayKey(present()) ? clock(moment) : format(moment, { day: "numeric", month: "short" });

/** "2026-11-23T07:55", as inputs for moments want it. */
export const typedMoment = (moment) => `${dayKey(moment).split("/").reverse().join("-")}T${clock(moment)}`;

/** What separates the days of a conversation: "Today", "Yesterday" or the day. */
export function dayName(moment) {
  return pretty(moment, { weekday: "long", day: "numeric", month: "long" });
}

function pretty(moment, options) {
  const now = present();
  const key = dayKey(moment);
  if (key === dayKey(now)) return "Today";
  if (key === dayKey(now - DAY)) return "Yesterday";
  if (key === dayKey(now + DAY)) return "Tomorrow";
  return format(moment, options);
}

const SHORT = { day: "numeric", month: "short", year: "numeric" };
const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const MIDDLE = { day: "numeric", month: "long", year: "numeric" };

const TOKENS = {
  date_num: (moment) => dayKey(moment).split("/").reverse().join("-"),
  date: (moment) => format(moment, MIDDLE),
  date_short: (moment) => format(moment, SHORT),
  date_long: (moment) => format(moment, LONG),
  date_pretty: (moment) => pretty(moment, MIDDLE),
  date_short_pretty: (moment) => pretty(moment, SHORT),
  date_long_pretty: (moment) => pretty(moment, LONG),
  day_divider_pretty: (moment) => dayName(moment),
  date_long_full: (moment) => format(moment, LONG),
  time: clock,
  time_secs: (moment) => format(moment, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (moment) => ago(moment),
};

/** Slack's date format string, filled in for the reader. */
export function dated(seconds, pattern) {
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return null;
  return pattern.replace(/\{(\w+)\}/g, (whole, token) =>
    Object.hasOwn(TOKENS, token) ? TOKENS[token](moment) : whole,
  );
}

const STEPS = [
  [60, "second"],
  [60, "minute"],
  [24, "hour"],
  [30, "day"],
  [12, "month"],
  [Infinity, "year"],
];

/** "5 minutes ago", "in 3 days". */
export function ago(moment) {
  let amount = (moment.getTime() - present()) / 1000;
  for (const [size, unit] of STEPS) {
    if (Math.abs(amount) < size) {
      return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(amount), unit);
    }
    amount /= size;
  }
  return "";
}
