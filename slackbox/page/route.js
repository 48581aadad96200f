// Addresses of this page: #C1, #C1/p1764000000000100 (a message), #C1/t1764000000.000100 (a thread), #home, #mail, #mail/m1.

/** The place the address names: {channel, message, thread, home, mail}. */
export function here() {
  const [path, query] = decodeURIComponent(location.hash.slice(1)).split("?");
  if (path === "home") return { home: true };
  const [channel, detail = ""] = path.split("/");
  if (channel === "mail") return { mail: { opened: detail || null } };
  const thread = detail.startsWith("t") ? detail.slice(1) : new URLSearchParams(query).get("thread_ts");
  return { channel, message: detail.startsWith("p") ? tsOf(detail) : null, thread };
}

const tsOf = (detail) => `${detail.slice(1, -6)}.${detail.slice(-6)}`;

/** Where a message is found again. */
export function permalink(channel, { ts, thread_ts: thread }) {
  const inThread = thread && thread !== ts ? `?thread_ts=${thread}&cid=${channel}` : "";
  return `${location.origin}/#${channel}/p${ts.replace(".", "")}${inThread}`;
}

/** Goes there; the browser's back button leads back. */
export function go(hash) {
  if (location.hash.slice(1) === hash) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = hash;
}

export const threadHash = (channel, ts) => `${channel}/t${ts}`;
