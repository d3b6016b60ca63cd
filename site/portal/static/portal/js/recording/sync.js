// Sends what is unsent, in parts, each text with the uid of its save; says what became of it. Then the files.
import { changesOf, takeFiles } from "./files.js";
import { newUid } from "./lock.js";
import { addressOf, askSession, fetchJson } from "./network.js";
import { sendFiles } from "./sending.js";
import { emptyFields } from "./state.js";

const A_PART = 40;

const isDue = (item) => item.isUnsent && (item.sent !== null || item.edit !== item.heldAt);

/** What of a text goes out: an older save that nobody has confirmed is repeated with its own uid first. */
const prepare = (item) => {
  item.sent ??= {
    uid: newUid(),
    edit: item.edit,
    version: item.version,
    resolves: item.resolves,
    fields: { ...item.fields },
  };
  const { uid, version, resolves, fields } = item.sent;
  return { code: item.code, version, save_uid: uid, draft_uid: item.draft, resolves, ...fields };
};

/** Bring a text up to date with what became of its save. Exported for its proof. */
export const settle = (state, item, result) => {
  const isNewest = item.sent?.edit === item.edit;
  item.sent = null;
  if (result.kind === "saved") {
    Object.assign(item, { version: result.version, resolves: false, other: null, problem: "", heldAt: -1 });
    if (isNewest) item.isUnsent = false;
  } else if (result.kind === "conflict") {
    item.other = result.theirs;
    item.heldAt = isNewest ? item.edit : -1;
  } else if (result.kind === "closed") {
    if (!isNewest) return;
    Object.assign(item, { isUnsent: false, version: 0, fields: emptyFields() }); // what the server has is taken over
    if (!state.late.includes(item.code)) state.late.push(item.code);
  } else {
    item.problem = result.problem;
    item.heldAt = isNewest ? item.edit : -1;
  }
};

const post = (state, token, body) =>
  fetchJson(addressOf("observations", state.visit), {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  });

/** Send texts, and what was changed of files that are sent already. */
const sendPart = async (state, token, items) => {
  const sent = items.map(prepare);
  const changes = changesOf(state, A_PART);
  if (items.length) await state.keep(items); // with the uids, before anything goes out
  const given = [...state.given];
  const outcome = await post(state, token, {
    device: state.lock.device,
    name: navigator.userAgentData?.platform ?? navigator.platform ?? "",
    owner: state.lock.owner,
    unsent: state.count,
    items: sent,
    given_up: given.slice(0, A_PART),
    ...changes,
  });
  if (outcome.kind !== "done") return outcome;
  const results = new Map(outcome.data.results.map((result) => [result.code, result]));
  for (const item of items) settle(state, item, results.get(item.code));
  const changed = state.takeRecorded(outcome.data.recorded);
  await state.keep([...new Set([...items, ...changed])]);
  await takeFiles(state, outcome.data.files, changes);
  state.given = state.given.filter((draft) => !given.slice(0, A_PART).includes(draft));
  await state.keepMaterial();
  return outcome;
};

/**
 * Send all that is due, the texts first; `tell` hears how far each file is. The kind of the outcome: done, offline,
 * signedOut, another, gone, busy.
 */
export const sendAll = async (state, tell) => {
  const session = await askSession(state.lock.owner);
  if (session.kind !== "mine") return session;
  for (let round = 0; round < 20; round += 1) {
    const items = state.unsent.filter(isDue).slice(0, A_PART);
    if (!items.length && round > 0) break;
    const outcome = await sendPart(state, session.token, items);
    if (outcome.kind !== "done") return outcome;
  }
  const { count } = state;
  const outcome = await sendFiles(state, session.token, tell);
  // how much this device keeps now
  return outcome.kind === "done" && state.count !== count ? sendPart(state, session.token, []) : outcome;
};

/** Keep one's own text over that of the other device. */
export const keepMine = (item) => {
  Object.assign(item, {
    version: item.other.version,
    resolves: true,
    other: null,
    heldAt: -1,
    sent: null,
    isUnsent: true,
  });
};

/** Take the text of the other device; the server forgets the draft that was set against it. */
export const takeOther = (state, item) => {
  state.given.push(item.draft);
  const isOnServer = item.other.version > 0;
  Object.assign(item, {
    draft: newUid(),
    fields: { ...item.fields, ...item.other.fields },
    version: isOnServer ? item.other.version : item.version,
    edit: item.edit + 1,
    isUnsent: !isOnServer,
    other: null,
    heldAt: -1,
    sent: null,
  });
};
