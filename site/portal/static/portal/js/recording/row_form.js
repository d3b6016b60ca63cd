// The form of a row of a sheet: drawn from the HTML that was fetched, and read; and a row described as text.
import { checkValue } from "./records.js";
import { byId, say, set, words } from "./view.js";

const card = byId("row");
const form = card.querySelector("form");
const place = form.querySelector("[data-fields]");
const locale = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const drawn = new Map(); // the HTML of a form, to its elements outside of the page

export const sheetOf = (state, kind) => state.material.sheets.find((sheet) => sheet.kind === kind);

const elementsOf = ({ form: markup }) => {
  if (!drawn.has(markup)) {
    const box = document.createElement("div");
    box.innerHTML = markup;
    drawn.set(markup, box);
  }
  return drawn.get(markup);
};

const controlsIn = (box, name) => [...box.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

// --- A row as text ---------------------------------------------------------------------------------------------------

const asDay = (value) => {
  const day = new Date(`${value}T00:00`);
  return Number.isNaN(day.getTime()) ? value : new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(day);
};

const nameLanguage = (code) => new Intl.DisplayNames([locale], { type: "language", fallback: "code" }).of(code) ?? code;

const labelOf = (control) => {
  const label =
    control.type === "radio"
      ? control.closest("fieldset").querySelector("legend")
      : control.closest(".field").querySelector("label");
  const parts = [...label.childNodes].filter((part) => !part.classList?.contains("optional"));
  return parts
    .map((part) => part.textContent)
    .join("")
    .trim();
};

const valueIn = (controls, value) => {
  const [first] = controls;
  if (first.type === "radio") {
    const chosen = controls.find((control) => control.value === value);
    return chosen ? chosen.closest("label").textContent.trim() : value;
  }
  if (first.type === "select-one") {
    const chosen = [...first.options].find((option) => option.value === value);
    return chosen ? chosen.textContent : nameLanguage(value);
  }
  return first.type === "date" ? asDay(value) : value;
};

/** Return the name of a row in one line: a channel, a language and a time; some files; a role and a topic. */
export const nameRow = (state, { sheet: kind, fields }) => {
  const sheet = sheetOf(state, kind);
  const parts = sheet.names.map((name) => {
    const controls = controlsIn(elementsOf(sheet), name);
    if (!fields[name] || !controls.length) return "";
    const text = valueIn(controls, fields[name]);
    return controls[0].type === "number" ? `${labelOf(controls[0])}: ${text}` : text;
  });
  return parts.filter(Boolean).join(", ") || words.rowNew;
};

/** Return how `fields` differ from the row, one line per field. */
const describeOther = (state, row, fields) => {
  const box = elementsOf(sheetOf(state, row.sheet));
  const names = [...new Set([...box.querySelectorAll("[name]")].map((control) => control.name))];
  const lines = names
    .filter((name) => (fields[name] || "") !== (row.fields[name] || ""))
    .map((name) => {
      const controls = controlsIn(box, name);
      const value = fields[name] ? valueIn(controls, fields[name]) : "–";
      return `${labelOf(controls[0]).replace(/\.$/, "")}: ${value}`;
    });
  return [fields.is_removed ? words.rowRemoved : "", ...lines].filter(Boolean).join("\n");
};

// --- The form --------------------------------------------------------------------------------------------------------

const findToday = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
};

const writeField = (name, value) => {
  for (const control of controlsIn(place, name)) {
    if (control.type === "radio") control.checked = control.value === value;
    else {
      const isOffered = control.type !== "select-one" || [...control.options].some((option) => option.value === value);
      if (!isOffered) control.append(new Option(nameLanguage(value), value));
      control.value = value;
    }
  }
};

/** Return the values of the form of a row. */
export const readRow = (row) => ({
  ...Object.fromEntries(new FormData(form)),
  is_removed: Boolean(row.fields.is_removed),
});

const describedBy = (control) => (control.type === "radio" ? control.closest(".field") : control);

/** Remove the problem of a control's field once its value changes. */
export const clearProblem = (control) => {
  const field = control.closest(".field");
  const problem = field.querySelector(".error");
  if (!problem) return;
  const described = describedBy(control);
  const ids = described.getAttribute("aria-describedby").split(" ");
  described.setAttribute("aria-describedby", ids.filter((id) => id !== problem.id).join(" "));
  problem.remove();
  field.classList.remove("wrong");
  control.removeAttribute("aria-invalid");
};

const showProblem = (name, sentence) => {
  const [control] = controlsIn(place, name);
  if (!control) return null;
  clearProblem(control);
  const field = control.closest(".field");
  const described = describedBy(control);
  const problem = byId("field-problem").content.firstElementChild.cloneNode(true);
  problem.id = `row-${name}_problem`;
  set(problem, "data-sentence", sentence);
  field.classList.add("wrong");
  field.insertBefore(problem, control.type === "radio" ? field.querySelector(".picker") : control);
  const ids = [problem.id, described.getAttribute("aria-describedby")].filter(Boolean);
  described.setAttribute("aria-describedby", ids.join(" "));
  if (control.type !== "radio") control.setAttribute("aria-invalid", "true");
  return control;
};

/** Show the problems of a row as a whole: a conflict with another device, or the reason why the server refuses it. */
export const drawStandingOfRow = (state, row) => {
  byId("two-rows").hidden = row.other === null;
  if (row.other) set(byId("two-rows"), "data-other", describeOther(state, row, row.other.fields));
  say("row-problem", row.problem);
};

/** The problems of the fields of a row; empty once a value has changed. */
const problemsOf = (row) => (row.problem ? (row.problems ?? {}) : {});

/** Show the problem of each field; return the control of the first. */
export const showProblems = (row, problems = problemsOf(row)) =>
  Object.entries(problems)
    .map(([name, sentence]) => showProblem(name, sentence))
    .at(0);

/** Draw the form of a row, with its problems as `showProblems` does. */
export const drawRow = (state, row, problems) => {
  const sheet = sheetOf(state, row.sheet);
  const isNew = row.edit === 0 && row.version === 0;
  place.innerHTML = sheet.form;
  const fields = isNew ? { day: findToday(), language: sheet.language } : row.fields;
  for (const [name, value] of Object.entries(fields)) writeField(name, value);
  set(card, "data-title", isNew ? sheet.add : nameRow(state, row));
  card.querySelector("[data-remove]").hidden = isNew || Boolean(row.fields.is_removed);
  card.querySelector("[data-put-back]").hidden = !row.fields.is_removed;
  drawStandingOfRow(state, row);
  return showProblems(row, problems);
};

/** Show the problem of a field that is filled in, as soon as the user leaves it. */
export const checkField = (state, { sheet }, control) => {
  const message = control.value && checkValue(sheetOf(state, sheet).checks?.[control.name] ?? {}, control.value);
  if (message) showProblem(control.name, message);
};
