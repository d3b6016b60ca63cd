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
  isLate: false, // the server keeps it for the author, and the visit has no part of it
});

export const newText = (code) => blank({ code, draft: newUid(), fields: emptyFields() });

/** Return a new row of a kind of sheet. `problems` are by field. */
export const newRow = (sheet, uid = newUid()) => blank({ uid, sheet, fields: {}, problems: {}, waits: false });

const isRow = (record) => Boolean(record.sheet);

/** Return the name of a record on the device, and the stored value. */
export const asKept = (record) => (isRow(record) ? [record.uid, { row: record }] : [record.code, record]);

/** Return whether a number is outside the bounds of a check. */
const isOutside = ({ least, most }, number) => number < least || number > most;

/** Return the message of the check that a value of a field does not pass, or an empty text. The server sent the checks. */
export const checkValue = (check, value = "") => {
  const { required = "", pattern, first, last, least, longest, invalid, outside } = check;
  if (!value) return required;
  if (pattern && !new RegExp(`^(?:${pattern})$`).test(value.trim())) return invalid;
  if (first !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return invalid;
  if ((first && value < first) || (last && value > last)) return outside;
  if (least !== undefined && !/^\d+$/.test(value)) return invalid;
  if (least !== undefined && isOutside(check, Number(value))) return outside;
  return longest && [...value].length > longest ? outside : "";
};

/** Return the message of each field of a row that does not pass its check; null without its sheet. */
export const findProblems = (sheets, { sheet, fields }) => {
  const checks = sheets.find(({ kind }) => kind === sheet)?.checks;
  if (!checks) return null;
  const found = Object.entries(checks).map(([name, check]) => [name, checkValue(check, fields[name])]);
  return Object.fromEntries(found.filter(([, message]) => message));
};

/** Return whether the fields of the row pass the checks of its sheet. */
export const isComplete = (sheets, row) => Object.keys(findProblems(sheets, row) ?? { sheet: "" }).length === 0;

/**
 * Apply edited values to the version that the user has `seen`: {version, taken}. If another device's version was
 * adopted since, save over the seen one, which leads to a conflict for the user to decide. Return the record, or null
 * if nothing changed.
 */
export const change = (record, fields, seen) => {
  if (isSame(record.fields, fields)) return null;
  if (record.taken !== seen.taken) record.version = seen.version;
  Object.assign(record, { fields, edit: record.edit + 1, isUnsent: true, isLate: false, problem: "" });
  return record;
};

/** Adopt the stored version of the server if nothing is unsent; return whether the record changed. */
export const takeStored = (record, { version, fields }) => {
  if (record.isUnsent || record.isLate || record.other || record.version > version) return false;
  if (record.version === version && isSame(record.fields, fields)) return false;
  Object.assign(record, { version, fields, taken: (record.taken ?? 0) + 1 });
  return true;
};

/** Send a record again that came too late, because its author records again; it replaces what the server keeps. */
export const sendAgain = (record) =>
  Object.assign(record, {
    ...{ isLate: false, isUnsent: true, resolves: true },
    ...{ problem: "", edit: record.edit + 1 },
  });
