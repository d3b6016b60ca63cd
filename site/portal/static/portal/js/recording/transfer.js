// Export and import of recorded data as a file: for a device that gets no network any more, or is replaced.
import { addFile, contentOf } from "./files.js";
import { digest } from "./lock.js";
import { isSame, newRow } from "./records.js";

const KIND = "116000 recording 1";
const A_PIECE = 0x8000; // bytes that are converted at once
const LONGEST_WORDS = 200;
const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const asText = (buffer) => {
  const bytes = new Uint8Array(buffer);
  let letters = "";
  for (let at = 0; at < bytes.length; at += A_PIECE)
    letters += String.fromCharCode(...bytes.subarray(at, at + A_PIECE));
  return btoa(letters);
};
const asBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

const canonical = (texts, files = [], rows = []) =>
  JSON.stringify(texts.map(({ code, version, fields }) => [code, version, fields])) +
  files.map(({ uid, code, name, words, content }) => JSON.stringify([uid, code, name, words, content])).join("") +
  rows.map(({ uid, sheet, version, fields }) => JSON.stringify([uid, sheet, version, fields])).join("");

const isWritten = ({ edit, version }) => edit > 0 || version > 0;

/** Return the files that only this device has, with their content. */
const filesToWrite = async (state) => {
  const found = [];
  for (const file of state.files.values()) {
    const content = file.isUnsent ? await contentOf(state, file) : null;
    const { uid, code, name, words, isPicture, thumb } = file;
    if (content) found.push({ uid, code, name, words, isPicture, thumb, content: asText(content) });
  }
  return found;
};

/** Return everything recorded on this device, as the text of a file. Photos that the server has are left out. */
export const write = async (state) => {
  const texts = [...state.items.values()]
    .filter(isWritten)
    .map(({ code, version, fields }) => ({ code, version, fields }));
  const rows = [...state.rows.values()]
    .filter(isWritten)
    .map(({ uid, sheet, version, fields }) => ({ uid, sheet, version, fields }));
  const files = await filesToWrite(state);
  const { visit, person } = state.material;
  const sha256 = await digest(canonical(texts, files, rows));
  return JSON.stringify({ kind: KIND, visit, person, texts, rows, files, sha256 }, null, 1);
};

/** Read an exported file. Return {texts, rows, files}, or {problem, …} if it cannot be imported. */
export const read = async (state, text) => {
  const isKnown = ({ code }) => code in state.material.indicators;
  const isSheet = ({ sheet }) => state.material.sheets?.some(({ kind }) => kind === sheet);
  let data;
  let files;
  let rows;
  try {
    data = JSON.parse(text);
    if (data.kind !== KIND || !Array.isArray(data.texts)) return { problem: "notAFile" };
    if (data.visit.uid !== state.visit) return { problem: "otherVisit", hotline: data.visit.hotline };
    if (data.person.uid !== state.lock.owner) return { problem: "otherPerson", name: data.person.name };
    if (data.sha256 !== (await digest(canonical(data.texts, data.files, data.rows)))) return { problem: "changedFile" };
    files = (data.files ?? []).filter((file) => isKnown(file) && UID.test(file.uid)).map(readFile);
    rows = (data.rows ?? []).filter((row) => isSheet(row) && UID.test(row.uid)).map(readRow);
  } catch {
    return { problem: "notAFile" };
  }
  return { texts: data.texts.filter(isKnown), rows, files };
};

const readFile = ({ uid, code, name, words, isPicture, thumb, content }) => ({
  given: {
    ...{ uid, code, name: String(name), words: String(words).slice(0, LONGEST_WORDS), isPicture: Boolean(isPicture) },
    thumb: /^data:image\/jpeg;base64,/.test(thumb) ? thumb : "",
  },
  content: asBytes(content),
});

const readRow = ({ uid, sheet, version, fields }) => ({
  ...{ uid, sheet, version: Number(version) },
  fields: Object.fromEntries(
    Object.entries(fields).filter(([, value]) => ["string", "boolean"].includes(typeof value)),
  ),
});

/** Merge texts and rows. If both sides have one, the user decides. Return those that changed. */
export const merge = (state, texts, rows) => [
  ...mergeRecords(texts, ({ code }) => state.find(code)),
  ...mergeRecords(rows, ({ uid, sheet }) => {
    if (!state.rows.has(uid)) state.rows.set(uid, newRow(sheet, uid));
    return state.rows.get(uid);
  }),
];

const mergeRecords = (records, find) => {
  const changed = [];
  for (const record of records) {
    const { version, fields } = record;
    const item = find(record);
    if (isSame(item.fields, fields)) continue;
    if (item.edit === 0 && version >= item.version)
      Object.assign(item, { version, fields, edit: item.edit + 1, isUnsent: true });
    else item.other = { version: 0, fields };
    changed.push(item);
  }
  return changed;
};

/** Add the files that this device does not have. Return their number. */
export const mergeFiles = async (state, files) => {
  const missing = files.filter(({ given }) => !state.files.has(given.uid));
  for (const { given, content } of missing) await addFile(state, given, content);
  return missing.length;
};
