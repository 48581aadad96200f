// The emoji that carry a meaning in reports (colours, ticks, arrows), as drawings of our own.

const DISCS = {
  red_circle: "#d92d3a",
  large_red_circle: "#d92d3a",
  large_orange_circle: "#ef8a17",
  orange_circle: "#ef8a17",
  large_yellow_circle: "#f2b705",
  yellow_circle: "#f2b705",
  large_green_circle: "#2f9e5b",
  green_circle: "#2f9e5b",
  large_blue_circle: "#2d74da",
  large_purple_circle: "#8a4fc9",
  black_circle: "#33373d",
  white_circle: "#c9ced6",
};

const SQUARES = {
  large_red_square: "#d92d3a",
  large_orange_square: "#ef8a17",
  large_yellow_square: "#f2b705",
  large_green_square: "#2f9e5b",
  large_blue_square: "#2d74da",
  large_purple_square: "#8a4fc9",
  black_large_square: "#33373d",
  white_large_square: "#c9ced6",
};

const line = (d, stroke, width = 2.4) => [
  "path",
  { d, fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" },
];
const plate = (fill) => ["rect", { x: 1.5, y: 1.5, width: 17, height: 17, rx: 4, fill }];
const TRIANGLE = [
  "path",
  {
    d: "M10 2.5 18.5 17h-17z",
    fill: "#f2b705",
    stroke: "#f2b705",
    "stroke-width": 1.5,
    "stroke-linejoin": "round",
  },
];

const DRAWN = {
  white_check_mark: [plate("#2f9e5b"), line("m5.5 10.3 3 3 6-6.5", "#fff")],
  heavy_check_mark: [line("m3.5 10.5 4.5 4.5 9-10", "#2f9e5b", 3)],
  ballot_box_with_check: [plate("#2d74da"), line("m5.5 10.3 3 3 6-6.5", "#fff")],
  x: [line("m4 4 12 12M16 4 4 16", "#d92d3a", 3.2)],
  warning: [TRIANGLE, line("M10 7.5v4.5M10 14.6v.01", "#2b2b2b", 2)],
  question: [line("M6.5 6.8A3.5 3.5 0 1 1 10 10.8v1.8M10 16.5v.01", "#d92d3a", 2.8)],
  grey_question: [line("M6.5 6.8A3.5 3.5 0 1 1 10 10.8v1.8M10 16.5v.01", "#8a919c", 2.8)],
  exclamation: [line("M10 3v9M10 16.5v.01", "#d92d3a", 3)],
  information_source: [plate("#2d74da"), line("M10 9v5.5M10 5.7v.01", "#fff")],
  heavy_plus_sign: [line("M10 4v12M4 10h12", "#2f9e5b", 3)],
  heavy_minus_sign: [line("M4 10h12", "#d92d3a", 3)],
  arrow_up: [plate("#2d74da"), line("M10 15V5.5M5.8 9.5 10 5.3l4.2 4.2", "#fff")],
  arrow_down: [plate("#2d74da"), line("M10 5v9.5M5.8 10.5 10 14.7l4.2-4.2", "#fff")],
  arrow_right: [plate("#2d74da"), line("M5 10h9.5M10.5 5.8 14.7 10l-4.2 4.2", "#fff")],
  arrow_left: [plate("#2d74da"), line("M15 10H5.5M9.5 5.8 5.3 10l4.2 4.2", "#fff")],
  arrow_upper_right: [plate("#2d74da"), line("m6 14 7.5-7.5M7.5 6.3h6.2v6.2", "#fff")],
  arrow_lower_right: [plate("#2d74da"), line("m6 6 7.5 7.5M13.7 7.5v6.2H7.5", "#fff")],
};

// The characters of those drawn here.
export const DRAWN_AS = {
  red_circle: "🔴",
  large_red_circle: "🔴",
  large_orange_circle: "🟠",
  orange_circle: "🟠",
  large_yellow_circle: "🟡",
  yellow_circle: "🟡",
  large_green_circle: "🟢",
  green_circle: "🟢",
  large_blue_circle: "🔵",
  large_purple_circle: "🟣",
  black_circle: "⚫",
  white_circle: "⚪",
  large_red_square: "🟥",
  large_orange_square: "🟧",
  large_yellow_square: "🟨",
  large_green_square: "🟩",
  large_blue_square: "🟦",
  large_purple_square: "🟪",
  black_large_square: "⬛",
  white_large_square: "⬜",
  white_check_mark: "✅",
  heavy_check_mark: "✔\uFE0F",
  ballot_box_with_check: "☑\uFE0F",
  x: "❌",
  warning: "⚠\uFE0F",
  question: "❓",
  grey_question: "❔",
  exclamation: "❗",
  information_source: "ℹ\uFE0F",
  heavy_plus_sign: "➕",
  heavy_minus_sign: "➖",
  arrow_up: "⬆\uFE0F",
  arrow_down: "⬇\uFE0F",
  arrow_right: "➡\uFE0F",
  arrow_left: "⬅\uFE0F",
  arrow_upper_right: "↗\uFE0F",
  arrow_lower_right: "↘\uFE0F",
};

/** The drawing of a name, or null. */
export function shapeOf(name) {
  if (Object.hasOwn(DRAWN, name)) return DRAWN[name];
  if (Object.hasOwn(DISCS, name)) return [["circle", { cx: 10, cy: 10, r: 8.2, fill: DISCS[name] }]];
  if (Object.hasOwn(SQUARES, name)) return [plate(SQUARES[name])];
  return null;
}
