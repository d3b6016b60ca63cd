// The sheets of the visit: the list of rows by kind, and the open row, which is filled in, removed or restored.
import { change, findProblems, isComplete, isSame, newRow } from "./records.js";
import {
  checkField,
  clearProblem,
  drawRow,
  drawStandingOfRow,
  nameRow,
  readRow,
  sheetOf,
  showProblems,
} from "./row_form.js";
import { keepMine, takeOther } from "./sync.js";
import { byId, clock, drawKept, fill, set, words } from "./view.js";

const WAIT = 300; // ms after the first new key until the row is stored
const card = byId("row");
const form = card.querySelector("form");
const list = byId("sheets");
const KEPT = byId("row-kept");
const BESIDE = ["checklist", "sheets", "indicator", "following", "thumbs"]; // hidden while a row is open
let row = null; // the open row
let seen = null; // the values that the form was drawn with or that were last stored: {version, taken, fields}
let timer = 0;

// --- The list --------------------------------------------------------------------------------------------------------

const stateOf = (state, one) => {
  if (one.other) return words.stateTwo;
  if (one.isLate) return words.stateLate;
  if (one.problem) return words.stateWrong;
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

/** Draw the rows by kind, and the problems of the open row. */
export const drawSheets = (state) => {
  const sheets = state.material.sheets ?? []; // an older version of the view did not fetch them
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset : {};
  list.querySelector("[data-kinds]").replaceChildren(...sheets.map((sheet) => drawKind(state, sheet)));
  if (focused.row) focusRow(focused.row);
  else if (focused.add) list.querySelector(`[data-add="${focused.add}"]`)?.focus();
  const count = [...state.rows.values()].filter((one) => !one.fields.is_removed).length;
  set(list, "data-progress", fill(words.rows, { count }));
  list.hidden = row !== null || sheets.length === 0;
  if (row) drawStandingOfRow(state, row);
};

/** Return the labels of the kinds of sheets that have a row for which `isSo` returns true. */
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

const showBeside = (isShown) => {
  for (const id of BESIDE) byId(id).hidden = !isShown;
  card.hidden = isShown;
};

const open = (state, one) => {
  row = one;
  showBeside(false);
  draw(state);
  byId("row-title").focus();
};

const close = (state) => {
  const { uid, sheet } = row;
  row = null;
  seen = null;
  showBeside(true);
  list.open = true;
  drawSheets(state);
  if (state.rows.has(uid)) focusRow(uid);
  else list.querySelector(`[data-add="${sheet}"]`).focus();
};

/** Return the label of the open row's sheet, or an empty text. */
export const openSheet = (state) => (row ? sheetOf(state, row.sheet).label : "");

/** Store the changed values of the open row; return whether they changed. */
export const keepRow = async (state) => {
  clearTimeout(timer);
  timer = 0;
  const fields = row ? readRow(row) : null;
  if (!row || isSame(seen.fields, fields) || !change(row, fields, seen)) return false;
  return keep(state, fields);
};

const keep = async (state, fields) => {
  const kept = row;
  seen = { version: row.version, taken: row.taken, fields };
  state.rows.set(row.uid, row);
  const isKept = await state.keep([kept]);
  const isShown = row === kept && isSame(readRow(row), fields); // else more is typed, which is not stored yet
  if (isShown) drawKept(isKept ? `${words.kept} ${clock()}` : words.full, isKept ? "off" : "bad", KEPT);
  return true;
};

/** After rows were sent: redraw the open row, unless it is being edited, and show the result. */
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
  if (isRemoved && row.version === 0 && row.sent === null) row.isUnsent = false; // the server does not know it
  await keep(state, fields);
};

/** Leave the row, or show the fields that do not pass their checks. */
const finish = async (state) => {
  await keepRow(state);
  const isChecked = state.rows.has(row.uid) && !row.fields.is_removed;
  const problems = isChecked ? (findProblems(state.material.sheets, row) ?? {}) : {};
  if (Object.keys(problems).length) draw(state, problems).focus();
  else close(state);
};

/**
 * Listen to the controls; `current` returns the state, `opened` is called when a row is shown, `changed` after a change
 * is stored.
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
    drawKept("", "", KEPT);
    timer ||= setTimeout(keepTyped, WAIT);
  });
  form.addEventListener("change", ({ target }) => {
    checkField(current(), row, target);
    keepTyped();
  });
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
