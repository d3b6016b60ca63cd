// Records that are typed on the device and saved by version: the text of an indicator, and the row of a sheet.
import { newUid } from "./lock.js";

export const FIELDS = ["level", "value", "words", "strength", "concern"];
export const emptyFields = () => ({ ...Object.fromEntries(FIELDS.map((name) => [name, ""])), good_practice: false });
export const isSame = (one, other) =>
  Object.keys({ ...one, ...other }).every((name) => (one[name] || "") === (other[name] || ""));
export const isGiven = (fields) => Boolean(fields.level || fields.value);

/**
 * Return an empty record. `edit` counts the changes typed here, `taken` how often the version of another device was
 * taken over from the server. `sent` is a save that was not confirmed yet.
 */
const blank = (given) => ({
  ...given,
  version: 0,
  edit: 0,
  taken: 0,
  isUnsent: false,
  sent: null,
  resolves: false,
  other: null, // {version, fields} of another device, while the user has not decided
  heldAt: -1, // the edit that waits for this decision or for a correction
  problem: "",
});

export const newText = (code) => blank({ code, draft: newUid(), fields: emptyFields() });

/**
 * Return a new row of a kind of sheet. `problems` are by field. `isLate`: the server no longer accepts rows of the
 * visit.
 */
export const newRow = (sheet, uid = newUid()) => blank({ uid, sheet, fields: {}, problems: {}, isLate: false });

const isRow = (record) => Boolean(record.sheet);

/** Return the name of a record on the device and the value that is stored under it. */
export const asKept = (record) => (isRow(record) ? [record.uid, { row: record }] : [record.code, record]);

/** Whether a row has every field that its sheet requires. */
export const isComplete = (sheets, { sheet, fields }) =>
  sheets.find(({ kind }) => kind === sheet)?.required.every((name) => fields[name]) ?? false;

/**
 * Set the typed fields of a record. `seen` is the state that they were typed on: {version, taken}. If the record was
 * taken over from another device since, it is sent on the version that was seen: a conflict, on which the user decides.
 * Return the record, or null if nothing changed.
 */
export const change = (record, fields, seen) => {
  if (isSame(record.fields, fields)) return null;
  if (record.taken !== seen.taken) record.version = seen.version;
  Object.assign(record, { fields, edit: record.edit + 1, isUnsent: true, problem: "" });
  return record;
};

/** Take over the fields of the server, unless the record is unsent. Return whether they are newer or different. */
export const takeStored = (record, { version, fields }) => {
  if (record.isUnsent || record.other || record.version > version) return false;
  if (record.version === version && isSame(record.fields, fields)) return false;
  Object.assign(record, { version, fields, taken: (record.taken ?? 0) + 1 });
  return true;
};
