// What is typed on the device and saved by version: the text of an indicator, and the row of a sheet.
import { newUid } from "./lock.js";

export const FIELDS = ["level", "value", "words", "strength", "concern"];
export const emptyFields = () => ({ ...Object.fromEntries(FIELDS.map((name) => [name, ""])), good_practice: false });
export const isSame = (one, other) =>
  Object.keys({ ...one, ...other }).every((name) => (one[name] || "") === (other[name] || ""));
export const isGiven = (fields) => Boolean(fields.level || fields.value);

/**
 * A record that nobody wrote yet. `edit` counts what is typed here, `taken` how often another device's was taken over
 * from the server; `sent` is a save that nobody has confirmed.
 */
const blank = (given) => ({
  ...given,
  version: 0,
  edit: 0,
  taken: 0,
  isUnsent: false,
  sent: null,
  resolves: false,
  other: null, // {version, fields}: what another device wrote, while the person has not decided
  heldAt: -1, // the edit that waits for that decision, or for its mending
  problem: "",
});

export const newText = (code) => blank({ code, draft: newUid(), fields: emptyFields() });

/** A row of a kind of sheet. `problems` are by field; `isLate` while the server takes none of the visit. */
export const newRow = (sheet, uid = newUid()) => blank({ uid, sheet, fields: {}, problems: {}, isLate: false });

const isRow = (record) => Boolean(record.sheet);

/** The name of a record on the device, and the value that is kept under it. */
export const asKept = (record) => (isRow(record) ? [record.uid, { row: record }] : [record.code, record]);

/** Whether nothing is missing that the form of its sheet asks for. */
export const isComplete = (sheets, { sheet, fields }) =>
  sheets.find(({ kind }) => kind === sheet)?.required.every((name) => fields[name]) ?? false;

/**
 * Note what was typed over what was `seen`: {version, taken}. If another device's text was taken over since, this one
 * goes out over the version that was seen, so that the person decides. The record, or null if it says so already.
 */
export const change = (record, fields, seen) => {
  if (isSame(record.fields, fields)) return null;
  if (record.taken !== seen.taken) record.version = seen.version;
  Object.assign(record, { fields, edit: record.edit + 1, isUnsent: true, problem: "" });
  return record;
};

/** Take over what the server has, where nothing is unsent; whether that is newer, or written otherwise. */
export const takeStored = (record, { version, fields }) => {
  if (record.isUnsent || record.other || record.version > version) return false;
  if (record.version === version && isSame(record.fields, fields)) return false;
  Object.assign(record, { version, fields, taken: (record.taken ?? 0) + 1 });
  return true;
};
