// Sends unsent records in parts, each text and each row with the uid of its save, and updates them by the results. Then
// sends the files.
import { changesOf, takeFiles } from "./files.js";
import { newUid } from "./lock.js";
import { addressOf, askSession, fetchJson } from "./network.js";
import { emptyFields, isComplete } from "./records.js";
import { sendFiles } from "./sending.js";

const A_PART = 40;

const isDue = (record) => record.isUnsent && (record.sent !== null || record.edit !== record.heldAt);
const isRowDue = (state, row) =>
  isDue(row) &&
  !row.isLate &&
  (row.sent !== null || Boolean(row.fields.is_removed) || isComplete(state.material.sheets ?? [], row));

/** Reset a text that came too late, unless it was changed since: the server stores it for the user. */
const closeText = (state, item, isNewest) => {
  if (!isNewest) return;
  Object.assign(item, { isUnsent: false, version: 0, edit: 0, fields: emptyFields() });
  if (!state.late.includes(item.code)) state.late.push(item.code);
};

/** Mark a row that came too late. It stays on the device. */
const closeRow = (_state, row, _isNewest, problem) => {
  Object.assign(row, { isLate: true, problem });
};

/** How each kind of record is sent: the URL, the name of its key, its data, and what happens if it comes too late. */
const TEXTS = {
  address: "observations",
  name: "code",
  describe: ({ draft }, { uid, resolves, fields }) => ({ save_uid: uid, draft_uid: draft, resolves, ...fields }),
  close: closeText,
};
const ROWS = {
  address: "rows",
  name: "uid",
  describe: ({ sheet }, { fields: { is_removed: isRemoved, ...fields } }) => ({
    ...{ sheet, is_removed: Boolean(isRemoved), fields },
  }),
  close: closeRow,
};

/**
 * Return the data of a record to send. An earlier save that was not confirmed is sent again first, under its own uid.
 */
const prepare = (kind, record) => {
  record.sent ??= {
    uid: newUid(),
    edit: record.edit,
    version: record.version,
    resolves: record.resolves,
    fields: { ...record.fields },
  };
  const { sent } = record;
  return { [kind.name]: record[kind.name], version: sent.version, ...kind.describe(record, sent) };
};

/** Update a record by the result of its save. */
const settle = (state, kind, item, result) => {
  const isNewest = item.sent?.edit === item.edit;
  item.sent = null;
  if (result.kind === "saved") {
    Object.assign(item, { version: result.version, resolves: false, other: null, problem: "", heldAt: -1 });
    if (isNewest) item.isUnsent = false;
  } else if (result.kind === "conflict") {
    item.other = result.theirs;
    item.heldAt = isNewest ? item.edit : -1;
  } else if (result.kind === "closed") kind.close(state, item, isNewest, result.problem);
  else Object.assign(item, { problem: result.problem, problems: result.fields, heldAt: isNewest ? item.edit : -1 });
};

/** Send records of a kind, with `more` data, and update them by the results. */
const sendRecords = async (state, token, kind, records, more) => {
  const items = records.map((record) => prepare(kind, record));
  if (records.length) await state.keep(records); // store the uids before anything is sent
  const body = {
    device: state.lock.device,
    name: navigator.userAgentData?.platform ?? navigator.platform ?? "",
    owner: state.lock.owner,
    unsent: state.count,
    items,
    ...more,
  };
  const outcome = await fetchJson(addressOf(kind.address, state.visit), {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  });
  if (outcome.kind !== "done") return outcome;
  const results = new Map(outcome.data.results.map((result) => [result[kind.name], result]));
  for (const record of records) settle(state, kind, record, results.get(record[kind.name]));
  return outcome;
};

/** Send texts, and the changes of files that were sent before. */
const sendTexts = async (state, token, texts) => {
  const changes = changesOf(state, A_PART);
  const given = state.given.slice(0, A_PART);
  const outcome = await sendRecords(state, token, TEXTS, texts, { given_up: given, ...changes });
  if (outcome.kind !== "done") return outcome;
  const changed = state.takeRecorded(outcome.data.recorded);
  await state.keep([...new Set([...texts, ...changed])]);
  await takeFiles(state, outcome.data.files, changes);
  state.given = state.given.filter((draft) => !given.includes(draft));
  await state.keepMaterial();
  return outcome;
};

const sendRows = async (state, token, rows) => {
  const outcome = await sendRecords(state, token, ROWS, rows, {});
  if (outcome.kind !== "done") return outcome;
  const changed = await state.takeRows(outcome.data.rows);
  await state.keep([...new Set([...rows, ...changed])]);
  return outcome;
};

/** Send due records, a part at a time, until none is left. Return the last outcome. */
const sendParts = async (findDue, send) => {
  let outcome = { kind: "done" };
  for (let round = 0; round < 20 && outcome.kind === "done"; round += 1) {
    const records = findDue().slice(0, A_PART);
    if (!records.length) break;
    outcome = await send(records);
  }
  return outcome;
};

/**
 * Send everything that is due, texts first. `onProgress` gets a file and its per cent. Return the outcome, whose kind
 * is done, offline, signedOut, another, gone or busy.
 */
export const sendAll = async (state, onProgress) => {
  const session = await askSession(state.lock.owner);
  if (session.kind !== "mine") return session;
  const { token } = session;
  let outcome = await sendTexts(state, token, state.unsent.filter(isDue).slice(0, A_PART)); // also without any
  if (outcome.kind === "done")
    outcome = await sendParts(
      () => state.unsent.filter(isDue),
      (texts) => sendTexts(state, token, texts),
    );
  if (outcome.kind === "done")
    outcome = await sendParts(
      () => state.unsentRows.filter((row) => isRowDue(state, row)),
      (rows) => sendRows(state, token, rows),
    );
  if (outcome.kind !== "done") return outcome;
  const { count } = state;
  outcome = await sendFiles(state, token, onProgress);
  // report how much is unsent on this device now
  return outcome.kind === "done" && state.count !== count ? sendTexts(state, token, []) : outcome;
};

/** Keep the own record over that of the other device. */
export const keepMine = (item) => {
  Object.assign(item, {
    version: item.other.version || item.version, // an imported one has none
    resolves: true,
    other: null,
    heldAt: -1,
    sent: null,
    isUnsent: true,
  });
};

/** Take the record of the other device. The server discards the draft that conflicted with it. */
export const takeOther = (state, item) => {
  if (item.draft) {
    state.given.push(item.draft);
    item.draft = newUid();
  }
  const isOnServer = item.other.version > 0;
  Object.assign(item, {
    fields: { ...item.fields, ...item.other.fields },
    version: isOnServer ? item.other.version : item.version,
    edit: item.edit + 1,
    isUnsent: !isOnServer,
    other: null,
    heldAt: -1,
    sent: null,
  });
};
