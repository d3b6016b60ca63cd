// Records that are edited on the device and saved by version: the text of an indicator, and the row of a sheet.
import { newUid } from "./lock.js";

export const FIELDS = ["level", "value", "words", "strength", "concern"];
export const emptyFields = () => ({ ...Object.fromEntries(FIELDS.map((name) => [name, ""])), good_practice: false });
export const isSame = (one, other) =>
  Object.keys({ ...one, ...other }).every((name) => (one[name] || "") === (other[name] || ""));
export const isGiven = (fields) => Boolean(fields.level || fields.value);

/**
 * Return a new record. `edit` counts the changes on this device, `taken` the versions of other devices that were
 * adopted from the server; `sent` is an unconfirmed save.
 */
const blank = (given) => ({
  ...given,
  version: 0,
  edit: 0,
  taken: 0,
  isUnsent: false,
  sent: null,
  resolves: false,
  other: null, // {version, fields} of another device, until the user decides
  heldAt: -1, // the edit that waits for that decision or for its correction
  problem: "",
});

export const newText = (code) => blank({ code, draft: newUid(), fields: emptyFields() });

/** Return a new row of a kind of sheet. `problems` are by field; `isLate` while the visit takes no rows. */
export const newRow = (sheet, uid = newUid()) => blank({ uid, sheet, fields: {}, problems: {}, isLate: false });

const isRow = (record) => Boolean(record.sheet);

/** Return the name of a record on the device, and the stored value. */
export const asKept = (record) => (isRow(record) ? [record.uid, { row: record }] : [record.code, record]);

/** Return whether the row has a value in every required field of its sheet. */
export const isComplete = (sheets, { sheet, fields }) =>
  sheets.find(({ kind }) => kind === sheet)?.required.every((name) => fields[name]) ?? false;

/**
 * Apply edited values to the version that the user has `seen`: {version, taken}. If another device's version was
 * adopted since, save over the seen one, which leads to a conflict for the user to decide. Return the record, or null
 * if nothing changed.
 */
export const change = (record, fields, seen) => {
  if (isSame(record.fields, fields)) return null;
  if (record.taken !== seen.taken) record.version = seen.version;
  Object.assign(record, { fields, edit: record.edit + 1, isUnsent: true, problem: "" });
  return record;
};

/** Adopt the stored version of the server if nothing is unsent; return whether the record changed. */
export const takeStored = (record, { version, fields }) => {
  if (record.isUnsent || record.other || record.version > version) return false;
  if (record.version === version && isSame(record.fields, fields)) return false;
  Object.assign(record, { version, fields, taken: (record.taken ?? 0) + 1 });
  return true;
};
