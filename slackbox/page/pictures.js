// Where pictures lie: on the web, or as a file of this workspace.
import { safe } from "./mentions.js";

/** The address of an image block's or element's picture. */
export function imageAddress(image) {
  const file = image.slack_file;
  if (file) return file.url ? safe(file.url) ?? "" : `/files/${encodeURIComponent(file.id)}`;
  return safe(image.image_url ?? "") ?? "";
}
