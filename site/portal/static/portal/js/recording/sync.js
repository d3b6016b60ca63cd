// Sends unsent texts and rows in batches, each text with the uid of its save and each row with its own uid, and applies
// the results; then sends the files.
import { changesOf, takeFiles } from "./files.js";
import { newUid } from "./lock.js";
import { addressOf, askSession, fetchJson } from "./network.js";
import { isComplete } from "./records.js";
import { sendFiles } from "./sending.js";

const A_PART = 40;

const isDue = (record) => record.isUnsent && (record.sent !== null || record.edit !== record.heldAt);
const isRowDue = (state, row) =>
  isDue(row) && (row.sent !== null || Boolean(row.fields.is_removed) || isComplete(state.material.sheets ?? [], row));

/** Handle a record that came too late: the server keeps it for the user, and it stays here until they record again. */
const noteLate = (state, record, problem) => {
  Object.assign(record, { isUnsent: false, isLate: true, problem });
  if (record.code && !state.late.includes(record.code)) state.late.push(record.code);
};

/** How each kind of record is sent: its address, its key and its other fields. */
const TEXTS = {
  address: "observations",
  name: "code",
  describe: ({ draft }, { uid, resolves, fields }) => ({ save_uid: uid, draft_uid: draft, resolves, ...fields }),
};
const ROWS = {
  address: "rows",
  name: "uid",
  describe: ({ sheet }, { fields: { is_removed: isRemoved, ...fields } }) => ({
    ...{ sheet, is_removed: Boolean(isRemoved), fields },
  }),
};

/** Return the item of a record to send. An unconfirmed older save is repeated first, with its own uid. */
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

/** Update a record with the result of its save. */
const settle = (state, item, result) => {
  const isNewest = item.sent?.edit === item.edit;
  item.sent = null;
  if (result.kind === "saved") {
    Object.assign(item, { version: result.version, resolves: false, other: null, problem: "", heldAt: -1 });
    if (isNewest) item.isUnsent = false;
  } else if (result.kind === "conflict") {
    item.other = result.theirs;
    item.heldAt = isNewest ? item.edit : -1;
  } else if (result.kind === "late" || result.kind === "closed") {
    if (isNewest) noteLate(state, item, result.kind === "late" ? result.problem : "");
  } else Object.assign(item, { problem: result.problem, problems: result.fields, heldAt: isNewest ? item.edit : -1 });
};

/** Send records of a kind together with `more`, and settle each. */
const sendRecords = async (state, token, kind, records, more) => {
  const items = records.map((record) => prepare(kind, record));
  if (records.length) await state.keep(records); // store their uids before anything is sent
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
  for (const record of records) settle(state, record, results.get(record[kind.name]));
  return outcome;
};

/** Send texts, and the changes of files that the server already has. */
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

/** Send the due records in batches until none are left; return the last outcome. */
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
 * Send everything that is due, the texts first; `tell` is called with the progress of each file. Kinds of outcome:
 * done, offline, signedOut, another, gone, busy.
 */
export const sendAll = async (state, tell) => {
  const session = await askSession(state.lock.owner);
  if (session.kind !== "mine") return session;
  const { token } = session;
  let outcome = await sendTexts(state, token, state.unsent.filter(isDue).slice(0, A_PART)); // also without any text
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
  outcome = await sendFiles(state, token, tell);
  // report the new number of unsent items
  return outcome.kind === "done" && state.count !== count ? sendTexts(state, token, []) : outcome;
};

/** Keep the user's own text over that of the other device. */
export const keepMine = (item) => {
  Object.assign(item, {
    version: item.other.version || item.version, // one from an imported file has no version
    resolves: true,
    other: null,
    heldAt: -1,
    sent: null,
    isUnsent: true,
  });
};

/** Adopt the text of the other device; the server discards the draft of the conflict. */
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
