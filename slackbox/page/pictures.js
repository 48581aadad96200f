// Where pictures lie: on the web, or as a file of this workspace.
import { safe } from "./mentions.js";

/** The id in a file's private address, which only apps may open. */
const idIn = (url) => /\/files-pri\/([^/?#]+)/.exec(String(url))?.[1] ?? "";

/** The address of an image block's or element's picture. */
export function imageAddress(image) {
  const file = image.slack_file;
  if (file) return `/box/files/${encodeURIComponent(file.id ?? idIn(file.url))}`;
  return safe(image.image_url ?? "") ?? "";
}
