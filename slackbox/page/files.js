// Files hanging on a message: pictures shown, others offered.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { safe } from "./mentions.js";

/** The files of a message, or nothing. */
export function files(given) {
  if (!given?.length) return null;
  return el(
    "ul",
    { class: "files", aria: { label: "Files" } },
    ...given.map((file) => el("li", {}, drawFile(file))),
  );
}

function drawFile(file) {
  const name = file.title || file.name || "File";
  const address = safe(file.url ?? `/box/files/${encodeURIComponent(file.id)}`);
  const link = { href: address, target: "_blank", rel: "noopener" };
  if ((file.mimetype ?? "").startsWith("image/")) {
    const picture = el("img", { src: address, alt: file.alt_txt || file.alt_text || name, loading: "lazy" });
    return el("figure", {}, el("figcaption", {}, name), el("a", link, picture));
  }
  return el(
    "a",
    { class: "file", ...link, download: file.name ?? "" },
    icon("file"),
    el("span", {}, name, el("small", {}, size(file.size))),
  );
}

function size(bytes) {
  if (!bytes) return "";
  return bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024)} kB`;
}
