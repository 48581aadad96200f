// One mail: who wrote it to whom, its calendar, and its text as HTML, plain or as the calendar file.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { drawCalendar } from "./mail-calendar.js";
import { fully, momentOf } from "./moments.js";
import { tabbed } from "./tabs.js";

const LEAST = 120;

/** The nodes of an opened mail; `leaves()` goes back to the list. */
export function drawMail(mail, leaves) {
  const back = el(
    "button",
    { type: "button", class: "quiet-button mail-back", aria: { label: "Back to the mails" }, onclick: leaves },
    icon("back"),
  );
  return [
    el(
      "header",
      { class: "mail-head" },
      back,
      el("h3", {}, mail.subject || "(no subject)"),
      el("time", {}, fully(momentOf(mail))),
    ),
    envelope(mail),
    mail.calendar && drawCalendar(mail),
    tabbed("Text of the mail", [
      mail.html && ["Message", () => framed(mail)],
      ["Plain text", () => el("pre", { class: "mail-plain" }, mail.plain || "This mail has no plain text.")],
      mail.source && ["Calendar file", () => el("pre", { class: "mail-source" }, mail.source)],
    ]),
  ];
}

function envelope({ headers, recipients }) {
  const first = headers.filter(({ name }) => ["From", "To", "Cc"].includes(name));
  const rest = headers.filter((header) => !first.includes(header));
  const to = first.some(({ name }) => name === "To") ? [] : [{ name: "To", value: recipients.join(", ") }];
  return el(
    "div",
    { class: "envelope" },
    pairs([...first, ...to]),
    rest.length > 0 && el("details", {}, el("summary", {}, "More headers"), pairs(rest)),
  );
}

const pairs = (headers) =>
  el(
    "dl",
    {},
    ...headers.flatMap(({ name, value }) => [el("dt", {}, name), el("dd", {}, value)]),
  );

/** The mail's own HTML, in a frame where nothing of it runs and nothing is fetched. */
function framed({ html, subject }) {
  const frame = el("iframe", {
    class: "mail-html",
    title: subject || "Mail",
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "no-referrer",
    src: html,
  });
  frame.addEventListener("load", () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${Math.max(LEAST, page.scrollHeight)}px`;
  });
  return frame;
}
