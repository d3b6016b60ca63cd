// The sheets of the visit: the list of rows by kind, and the open row, which is filled in, removed or restored.
import { change, isComplete, isSame, newRow } from "./records.js";
import {
  clearProblem,
  drawRow,
  drawStandingOfRow,
  findMissing,
  nameRow,
  readRow,
  sheetOf,
  showProblems,
} from "./row_form.js";
import { keepMine, takeOther } from "./sync.js";
import { byId, clock, drawKept, fill, set, words } from "./view.js";

const WAIT = 300; // ms from the last key until the row is stored
const card = byId("row");
const form = card.querySelector("form");
const list = byId("sheets");
const KEPT = byId("row-kept");
const HIDDEN_BY_ROW = ["checklist", "sheets", "indicator", "following", "thumbs"]; // while a row is open
let row = null; // the open row
let seen = null; // the fields as they were drawn or last stored: {version, taken, fields}
let timer = 0;

// --- The list --------------------------------------------------------------------------------------------------------

const stateOf = (state, one) => {
  if (one.other) return words.stateTwo;
  if (one.isLate || one.problem) return words.stateWrong;
  if (one.fields.is_removed) return words.rowRemoved;
  if (!isComplete(state.material.sheets, one)) return words.rowIncomplete;
  return one.isUnsent ? words.stateUnsent : "";
};

const drawEntry = (state, one) => {
  const entry = byId("row-entry").content.firstElementChild.cloneNode(true);
  const isDone = !one.other && !one.problem && isComplete(state.material.sheets, one);
  entry.querySelector("[data-done]").hidden = !isDone;
  entry.querySelector("[data-open]").hidden = isDone;
  const button = entry.querySelector("button");
  button.textContent = nameRow(state, one);
  button.dataset.row = one.uid;
  set(entry, "data-state", stateOf(state, one));
  set(entry, "data-problem", one.problem);
  entry.querySelector("[data-problem]").hidden = !one.problem;
  return entry;
};

const orderOf = ({ fields }) => `${fields.is_removed ? 1 : 0} ${fields.day ?? ""} ${fields.starts ?? ""}`;

const drawKind = (state, { kind, label, add, asked }) => {
  const section = byId("sheet-kind").content.firstElementChild.cloneNode(true);
  const rows = [...state.rows.values()].filter((one) => one.sheet === kind);
  const count = rows.filter((one) => !one.fields.is_removed).length;
  set(section, "data-title", label);
  set(section, "data-count", asked ? fill(words.of, { done: count, all: asked }) : String(count || ""));
  rows.sort((one, other) => orderOf(one).localeCompare(orderOf(other)));
  section.querySelector("ol").append(...rows.map((one) => drawEntry(state, one)));
  const button = section.querySelector("[data-add]");
  button.textContent = add;
  button.dataset.add = kind;
  return section;
};

const focusRow = (uid) => list.querySelector(`[data-row="${uid}"]`)?.focus();

/** Draw the rows by kind, and the conflict or problem of the open row. */
export const drawSheets = (state) => {
  const sheets = state.material.sheets ?? []; // material fetched by an older version of the view has none
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset : {};
  list.querySelector("[data-kinds]").replaceChildren(...sheets.map((sheet) => drawKind(state, sheet)));
  if (focused.row) focusRow(focused.row);
  else if (focused.add) list.querySelector(`[data-add="${focused.add}"]`)?.focus();
  const count = [...state.rows.values()].filter((one) => !one.fields.is_removed).length;
  set(list, "data-progress", fill(words.rows, { count }));
  list.hidden = row !== null || sheets.length === 0;
  if (row) drawStandingOfRow(state, row);
};

/** Return the names of the kinds of sheets with a row for which `isSo` is true. */
export const namesOfSheets = (state, isSo) => {
  const kinds = new Set([...state.rows.values()].filter(isSo).map(({ sheet }) => sheet));
  return [...kinds].map((kind) => sheetOf(state, kind)?.label ?? kind);
};

// --- The open row ----------------------------------------------------------------------------------------------------

const draw = (state, problems) => {
  const first = drawRow(state, row, problems);
  seen = { version: row.version, taken: row.taken, fields: readRow(row) };
  drawKept("", "", KEPT);
  return first;
};

const showOthers = (isShown) => {
  for (const id of HIDDEN_BY_ROW) byId(id).hidden = !isShown;
  card.hidden = isShown;
};

const open = (state, one) => {
  row = one;
  showOthers(false);
  draw(state);
  byId("row-title").focus();
};

const close = (state) => {
  const { uid, sheet } = row;
  row = null;
  seen = null;
  showOthers(true);
  list.open = true;
  drawSheets(state);
  if (state.rows.has(uid)) focusRow(uid);
  else list.querySelector(`[data-add="${sheet}"]`).focus();
};

/** Return the name of the sheet whose row is open, or an empty text. */
export const openSheet = (state) => (row ? sheetOf(state, row.sheet).label : "");

/** Store the typed fields of the open row. Return whether they changed. */
export const keepRow = async (state) => {
  clearTimeout(timer);
  const fields = row ? readRow(row) : null;
  if (!row || isSame(seen.fields, fields) || !change(row, fields, seen)) return false;
  return keep(state, fields);
};

const keep = async (state, fields) => {
  const kept = row;
  seen = { version: row.version, taken: row.taken, fields };
  state.rows.set(row.uid, row);
  const isKept = await state.keep([kept]);
  drawKept(isKept ? `${words.kept} ${clock()}` : words.full, isKept ? "off" : "bad", KEPT);
  return true;
};

/**
 * After rows were sent: draw the open row again, unless the user is typing in it, and show its problems or that it is
 * saved.
 */
export const showSent = (state) => {
  if (!row) return;
  if (row.problem) showProblems(row);
  if (row.isUnsent || row.version === 0) return;
  if (!form.contains(document.activeElement)) draw(state);
  drawKept(`${words.saved} ${clock()}`, "ok", KEPT);
};

const markRemoved = async (state, isRemoved) => {
  await keepRow(state);
  const fields = { ...row.fields, is_removed: isRemoved };
  change(row, fields, seen);
  if (isRemoved && row.version === 0 && row.sent === null) row.isUnsent = false; // no other device has it
  await keep(state, fields);
};

/** Close the row, unless required fields are empty: then show that at each of them. */
const finish = async (state) => {
  await keepRow(state);
  const missing = state.rows.has(row.uid) && !row.fields.is_removed ? findMissing(state, row) : {};
  if (Object.keys(missing).length) draw(state, missing).focus();
  else close(state);
};

/**
 * Listen to the controls. `current` returns the state, `opened` is called when a row is shown, `changed` after a change
 * was stored.
 */
export const listenToSheets = (current, opened, changed) => {
  const act = async (done) => {
    await done(current());
    changed();
  };
  const keepTyped = async () => {
    if (await keepRow(current())) changed();
  };
  const decide = (choose) =>
    act(async (state) => {
      await keepRow(state);
      choose(state, row);
      await state.keepDecided(row);
      draw(state);
    });
  const on = (name, done) => card.querySelector(`[${name}]`).addEventListener("click", done);
  form.addEventListener("input", ({ target }) => {
    clearProblem(target);
    clearTimeout(timer);
    timer = setTimeout(keepTyped, WAIT);
  });
  form.addEventListener("change", keepTyped);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(finish);
  });
  on("data-keep", () => decide((_state, one) => keepMine(one)));
  on("data-take", () => decide(takeOther));
  on("data-remove", () =>
    act(async (state) => {
      await markRemoved(state, true);
      close(state);
    }),
  );
  on("data-put-back", () =>
    act(async (state) => {
      await markRemoved(state, false);
      draw(state);
    }),
  );
  on("data-back", () =>
    act(async (state) => {
      await keepRow(state);
      close(state);
    }),
  );
  list.addEventListener("click", ({ target }) => {
    const { row: uid, add } = target.closest("button")?.dataset ?? {};
    if (!uid && !add) return;
    open(current(), uid ? current().rows.get(uid) : newRow(add));
    opened();
  });
};
