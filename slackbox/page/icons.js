// The page's own line icons.
import { drawing } from "./dom.js";

const LINES = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13M3 12.5h13",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  home: "M3 9.5 10 4l7 5.5M5 8.5V16h10V8.5",
  plus: "M10 4v12M4 10h12",
  close: "m5 5 10 10M15 5 5 15",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  reply: "M4 5h12v8H9l-4 3.5V13H4z",
  send: "m4 4 13 6-13 6 2.5-6zM6.5 10H17",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  down: "m6 8 4 4 4-4",
  back: "m11.5 5-5 5 5 5",
  check: "m4.5 10.5 3.5 3.5 7.5-8",
  eye: "M2.5 10s2.8-5 7.5-5 7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5zM10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6",
  mail: "M3 5h14v10.5H3zM3.5 5.5 10 11l6.5-5.5",
  file: "M5 3h6l4 4v10H5zM11 3v4h4",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 6v4l2.5 2",
  bolt: "M11 3 5 11.5h4.5L9 17l6-8.5h-4.5z",
  people:
    "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 16.5c0-3 2.2-4.7 5-4.7s5 1.7 5 4.7M13 4a2.8 2.8 0 0 1 0 5.3M14.5 12.2c1.9.6 3 2.1 3 4.3",
};

/** One icon by name, decorative unless `label` says what it means. */
export function icon(name, label) {
  const width = name === "more" ? "2.6" : "1.6";
  const stroke = {
    d: LINES[name],
    fill: "none",
    stroke: "currentColor",
    "stroke-width": width,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  };
  return drawing([["path", stroke]], { label });
}
