// Draws one indicator at a time, the checklist, and the unsent items of this device.
import { FIELDS, isGiven } from "./records.js";
import { isWaiting } from "./state.js";

export const byId = (id) => document.getElementById(id);
export const words = Object.fromEntries(
  [...byId("recording-words").children].map((place) => [place.dataset.word, place.textContent.trim()]),
);
const form = byId("observation");
const card = byId("indicator");

export const fill = (text, values) =>
  Object.entries(values).reduce((filled, [name, value]) => filled.replace(`{${name}}`, value), text);

/** Show a text in an element, or hide the element without one. */
export const say = (id, text) => {
  const place = byId(id);
  place.querySelector("[data-text]").textContent = text;
  place.hidden = !text;
};

/** Put a text into an element: a string of the page, or a passage {text, lang}, which may be in another language. */
const put = (place, passage) => {
  const { text, lang } = typeof passage === "string" ? { text: passage, lang: "" } : passage;
  place.textContent = text;
  if (lang) place.lang = lang;
  else place.removeAttribute("lang");
};

export const set = (root, name, passage) => put(root.querySelector(`[${name}]`), passage);

/** Offer a file as a download. */
export const offer = (name, content, type) => {
  const link = document.createElement("a");
  Object.assign(link, { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
};

/** Return the time of this device for the user; nothing is sorted by it. */
export const clock = () =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date());

/** Return the values of the form. */
export const readForm = () => {
  const sent = new FormData(form);
  const fields = Object.fromEntries(FIELDS.map((name) => [name, sent.get(name) ?? ""]));
  return { ...fields, good_practice: sent.get("good_practice") !== null };
};

const writeForm = (fields) => {
  for (const control of form.elements) {
    if (control.name === "level") control.checked = control.value === fields.level;
    else if (control.type === "checkbox") control.checked = Boolean(fields.good_practice);
    else if (FIELDS.includes(control.name)) control.value = fields[control.name] ?? "";
  }
};

const cloneBars = (tint) => byId("bars").content.children[tint].cloneNode(true);

const drawChoices = (indicator) => {
  const isNumber = Boolean(indicator.unit);
  form.querySelector("[data-number]").hidden = !isNumber;
  form.querySelector("[data-picker]").hidden = indicator.choices.length === 0;
  set(form, "data-unit", indicator.unit);
  form.querySelector("[data-choices]").replaceChildren(
    ...indicator.choices.map((choice) => {
      const label = byId("choice").content.firstElementChild.cloneNode(true);
      Object.assign(label.querySelector("input"), { value: choice.value, type: isNumber ? "checkbox" : "radio" });
      if (Number.isInteger(choice.tint)) {
        label.classList.remove("two-col");
        label.querySelector("input").after(cloneBars(choice.tint));
      }
      set(label, "data-label", choice.label);
      set(label, "data-meaning", choice.meaning);
      return label;
    }),
  );
};

const asText = (indicator, fields) => {
  const level = indicator.choices.find((choice) => choice.value === fields.level)?.label.text ?? "";
  const sides = ["strength", "concern"].filter((name) => fields[name]).map((name) => `${words[name]}: ${fields[name]}`);
  const good = fields.good_practice ? words.good : "";
  return [level || fields.value, fields.words, ...sides, good].filter(Boolean).join("\n");
};

/** Show the problems of a text: a conflict with another device, or an error. */
export const drawStanding = (state, code) => {
  const item = state.find(code);
  const indicator = state.material.indicators[code];
  byId("two-texts").hidden = item.other === null;
  if (item.other) set(byId("two-texts"), "data-other", asText(indicator, item.other.fields));
  say("observation-problem", item.problem);
};

/** Show whether the entered text is stored or sent; nothing without a text. */
export const drawKept = (text, look, place = byId("kept")) => {
  place.className = text ? `saved ${look}` : "";
  set(place, "data-kept-text", text);
  for (const icon of place.querySelectorAll("[data-when]")) icon.hidden = icon.dataset.when !== look;
};

/** Show the hotline's answer: a level with its bars, or a text. */
const drawAnswer = ({ answer, answer_tint: tint }) => {
  const place = card.querySelector("[data-answer]");
  place.className = Number.isInteger(tint) ? `level l${tint}` : "strong";
  put(place, answer);
  if (Number.isInteger(tint)) place.prepend(cloneBars(tint));
};

/** Draw an indicator with the recorded values. */
export const drawIndicator = (state, code) => {
  const indicator = state.material.indicators[code];
  for (const name of ["wording", "obligation", "guidance", "evidence"]) set(card, `data-${name}`, indicator[name]);
  drawAnswer(indicator);
  set(card, "data-code", code);
  card.querySelector("[data-obligation]").className = `tag ${indicator.kind}`;
  set(card, "data-answer-words", indicator.answer_words);
  card.querySelector("[data-answer-words]").hidden = !indicator.answer_words;
  drawChoices(indicator);
  writeForm(state.find(code).fields);
  drawStanding(state, code);
  drawKept("", "");
};

/** Show the place: the session or the standard of an indicator, or a `sheet`. */
export const drawHeading = (state, code, sheet) => {
  const { title, lede, note } = state.material.groups.find((group) => group.codes.includes(code));
  const shown = sheet ? "" : lede;
  set(document, "data-heading", sheet || title);
  set(document, "data-lede", shown);
  document.querySelector("[data-lede]").hidden = !shown;
  set(document, "data-where", [state.material.visit.name, sheet ? "" : note].filter(Boolean).join(" · "));
};

const stateOf = (item, isUnsent) => {
  if (item.other) return words.stateTwo;
  if (item.isLate) return words.stateLate;
  return isUnsent ? words.stateUnsent : "";
};

const drawEntry = (state, code, go) => {
  const entry = byId("entry").content.firstElementChild.cloneNode(true);
  const item = state.find(code);
  const isDone = isGiven(item.fields);
  entry.querySelector("[data-done]").hidden = !isDone;
  entry.querySelector("[data-open]").hidden = isDone;
  const button = entry.querySelector("button");
  const { text, lang } = state.material.indicators[code].wording;
  put(button, { text: `${code} ${text}`, lang });
  button.addEventListener("click", () => go(code));
  const isUnsent = item.isUnsent || [...state.files.values()].some((file) => file.code === code && isWaiting(file));
  set(entry, "data-state", stateOf(item, isUnsent));
  return entry;
};

export const drawChecklist = (state, go) => {
  const { groups, indicators } = state.material;
  const needed = Object.keys(indicators).filter((code) => indicators[code].is_needed);
  const done = needed.filter((code) => isGiven(state.find(code).fields)).length;
  set(byId("checklist"), "data-progress", fill(words.of, { done, all: needed.length }));
  byId("checklist")
    .querySelector("[data-groups]")
    .replaceChildren(
      ...groups.map(({ title, lede, note, codes }) => {
        const group = byId("group").content.firstElementChild.cloneNode(true);
        set(group, "data-title", title);
        set(group, "data-note", [note, lede].filter(Boolean).join(" · "));
        group.querySelector("ul").append(...codes.map((code) => drawEntry(state, code, go)));
        return group;
      }),
    );
};

/** Show which indicator follows. */
export const drawFollowing = (state, code) => {
  const card = byId("following");
  const isDone = isGiven(state.find(code).fields);
  set(card, "data-what", fill(isDone ? words.followingDone : words.followingOpen, { code }));
  set(card, "data-following", state.material.indicators[code].wording);
  set(card, "data-start", isDone ? words.followingLook : words.followingStart);
};

/**
 * Show whether this device can work without a network: "loading", "ready", "readyForNow" (the browser may remove what
 * it keeps), "broken", or "never".
 */
export const drawReady = (standing) => {
  document.documentElement.dataset.isKept = standing.startsWith("ready") ? "yes" : "no";
  const look = { loading: "", ready: "ok", readyForNow: "ok" }[standing] ?? "off";
  drawKept(words[standing], look, byId("ready"));
};

const UNSENT_KINDS = ["offline", "signedOut", "another", "gone", "busy"];

/**
 * Show the unsent items with the reason, after the result of an import. `namesOf` returns the labels of the kinds of
 * sheets with such rows.
 */
export const drawUnsent = (state, kind, took, namesOf) => {
  const { count } = state;
  if (state.isFull) say("standing", words.full);
  else if (count) say("standing", fill(UNSENT_KINDS.includes(kind) ? words[kind] : words.unsent, { count }));
  else say("standing", kind === "gone" || kind === "signedOut" ? fill(words[kind], { count }) : "");
  const refused = [...state.files.values()].filter((file) => file.isUnsent && file.problem).map((file) => file.code);
  const standing = byId("standing");
  standing.querySelector("[data-sign-in]").hidden = kind !== "signedOut";
  standing.querySelector("[data-export]").hidden = !(refused.length || state.isFull || (count && kind === "gone"));
  set(byId("device"), "data-unsent", count ? fill(words.unsent, { count }) : words.none);
  set(byId("device"), "data-lock", state.lock.key ? words.withoutPin : words.withPin);
  byId("change-pin").querySelector("[data-before]").hidden = Boolean(state.lock.key);
  const items = [...state.items.values()];
  const codesOf = (isSo) => [
    ...items.filter(isSo).map(({ code }) => code),
    ...namesOf((row) => !row.isLate && isSo(row)),
  ];
  const two = codesOf((item) => item.other);
  const wrong = codesOf((item) => item.problem);
  const late = namesOf((row) => row.isLate);
  const told = [
    took,
    two.length ? fill(words.decide, { codes: two.join(", ") }) : "",
    wrong.length ? fill(words.wrong, { codes: wrong.join(", ") }) : "",
    state.late.length ? fill(words.late, { codes: state.late.join(", ") }) : "",
    late.length ? fill(words.rowLate, { names: late.join(", ") }) : "",
    refused.length ? fill(words.fileRefused, { codes: [...new Set(refused)].join(", ") }) : "",
    state.material.is_open ? "" : words.closed,
  ];
  say("told", told.filter(Boolean).join(" "));
};
