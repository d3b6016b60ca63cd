// Sends one entry, always with the uid of its save, and returns the outcome.
import { frame, newUid, owner, put, remove } from "./store.js";

const KEEPALIVE_LIMIT = 60000; // bytes that a browser sends after its page is closed
const PATIENCE = 60000; // ms until a request without a response counts as offline: some networks never respond
let token = frame.dataset.token;

/**
 * The session of this browser: "mine" (with a new CSRF token for all forms of the page), "another", "none", "unknown".
 */
export const askSession = async () => {
  try {
    const response = await fetch(frame.dataset.session, {
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.type === "opaqueredirect" || response.status === 403) return "none";
    if (!response.ok) return "unknown";
    const data = await response.json();
    if (data.person !== owner) return "another";
    token = data.token;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
    return "mine";
  } catch {
    return "unknown";
  }
};

const bodyOf = (entry) => {
  const body = new FormData();
  for (const [name, value] of entry.sent.fields) body.append(name, value);
  body.set("csrfmiddlewaretoken", token);
  body.set("rendered_for", owner);
  body.set("version", entry.sent.version);
  body.set("save_uid", entry.sent.uid);
  body.set("draft_uid", entry.draft);
  if (entry.sent.resolves) body.set("resolves", "yes");
  return body;
};

const post = (action, body, size) =>
  fetch(action, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { Accept: "application/json" },
    keepalive: size < KEEPALIVE_LIMIT,
    signal: AbortSignal.timeout(PATIENCE),
  });

/** Return the body of the request. An unconfirmed older save is repeated first, with its own uid. */
export const prepare = (entry) => {
  entry.sent ??= { uid: newUid(), fields: entry.fields, version: entry.version, resolves: entry.resolves };
  put(entry);
  return bodyOf(entry);
};

const KINDS = { 200: "saved", 409: "conflict", 422: "problem", 423: "closed" };
const FINAL = [400, 404, 405, 410, 413];

const trySending = async (entry) => {
  let response;
  const body = prepare(entry);
  const size = JSON.stringify(entry.sent.fields).length * 3;
  try {
    response = await post(entry.action, body, size);
  } catch {
    return { kind: "offline" };
  }
  if (KINDS[response.status] && response.headers.get("Content-Type")?.includes("json")) {
    try {
      return { kind: KINDS[response.status], data: await response.json() };
    } catch {
      return { kind: "offline" };
    }
  }
  if (response.status === 403 || response.type === "opaqueredirect") return { kind: "forbidden" };
  if (FINAL.includes(response.status)) return { kind: "refused" };
  return { kind: "busy", seconds: Number.parseInt(response.headers.get("Retry-After"), 10) || 0 };
};

/** Send an entry. Kinds of outcome: saved, conflict, problem, closed, signedOut, another, refused, busy, offline. */
export const send = async (entry) => {
  const outcome = await trySending(entry);
  if (outcome.kind !== "forbidden") return outcome;
  const session = await askSession();
  if (session === "another") return { kind: "another" };
  if (session === "unknown") return { kind: "offline" };
  if (session === "none") return { kind: "signedOut" };
  const again = await trySending(entry); // the token of the page belonged to an earlier session
  return again.kind === "forbidden" ? { kind: "refused" } : again;
};

/** Update an entry with the outcome of its save; return true if nothing of it waits any more. */
export const settle = (entry, { kind, data }) => {
  const isNewest =
    JSON.stringify(entry.sent.fields) === JSON.stringify(entry.fields) && entry.sent.resolves === entry.resolves;
  if (["saved", "conflict", "closed"].includes(kind)) {
    entry.sent = null;
    entry.waiting = "";
    if (kind === "saved") Object.assign(entry, { version: data.version, resolves: false });
    if (isNewest) {
      remove(entry.draft);
      return true;
    }
  } else {
    entry.waiting = kind;
    entry.problem = data?.problem ?? "";
    if (kind === "problem" || kind === "refused") entry.sent = null;
  }
  put(entry);
  return false;
};

/** Discard an unresolved text on the server. */
export const discard = async (address) => {
  const ask = () => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    body.set("rendered_for", owner);
    return post(address, body, 0);
  };
  try {
    let response = await ask();
    if (response.status === 403 && (await askSession()) === "mine") response = await ask(); // signed in again
    return response.ok;
  } catch {
    return false;
  }
};

/** Send an entry that is not being sent while the page is left; the response is not awaited. */
export const sendLast = (entry) => {
  const body = prepare(entry);
  post(entry.action, body, JSON.stringify(entry.sent.fields).length * 3).catch(() => {
    /* it stays in the store: the next page sends it */
  });
};
