// The box's own HTTP interface: what the page asks for and what people do.

/** The server's refusal, or the network's. */
export class Refusal extends Error {}

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refusal("The workspace does not answer. Is it still running?");
  }
  const body = await response.json().catch(() => undefined);
  if (body === undefined || (!response.ok && !body?.error)) {
    throw new Refusal(`The workspace answered ${response.status}.`);
  }
  return body;
}

/** GET /box/<what>. */
export async function read(what, query) {
  const body = await answerOf(fetch(`/box/${what}?${new URLSearchParams(query)}`));
  if (body?.error) throw new Refusal(body.error);
  return body;
}

/** POST /box/<what>; an answer with `ok: false` is a Refusal carrying the server's words. */
export async function send(what, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await answerOf(
    fetch(`/box/${what}`, { method: "POST", headers, body: JSON.stringify(body) }),
  );
  if ((answer?.ok === false || answer?.error) && !answer.errors) {
    throw new Refusal(answer.error ?? "That did not work.");
  }
  return answer;
}

/** Server-Sent Events for one person; `hears(event)` per event, `returns()` after a lost connection. */
export function follow(person, { hears, returns, loses }) {
  const stream = new EventSource(`/box/events?as=${encodeURIComponent(person)}`);
  let lost = false;
  stream.onmessage = (event) => hears(JSON.parse(event.data));
  stream.onerror = () => {
    if (!lost) loses();
    lost = true;
  };
  stream.onopen = () => {
    if (lost) returns();
    lost = false;
  };
  return stream;
}
