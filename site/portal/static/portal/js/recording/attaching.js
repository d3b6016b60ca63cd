// The photos and documents of the displayed indicator: chosen or taken, described, removed.
import { addFile, contentOf, describeFile, discardFile, filesOf, isOnDisk, noteProblem } from "./files.js";
import { prepare } from "./pictures.js";
import { byId, fill, offer, say, words } from "./view.js";

const WAIT = 600; // ms after the first new key until the description is stored
const place = byId("files");
const list = place.querySelector("[data-files]");
const sent = new Map(); // uid of a file that is being sent, to percent

const stateOf = (state, file, described) => {
  if (described !== file.words || !(isOnDisk(file) || state.contents.has(file.uid))) return ["", ""]; // not stored yet
  if (!file.isUnsent) return file.isChanged ? ["off", words.fileKept] : ["ok", words.fileSent];
  if (sent.has(file.uid)) return ["busy", fill(words.fileSending, { percent: `${sent.get(file.uid)}\u00a0%` })];
  return state.contents.has(file.uid) ? ["bad", words.fileFull] : ["off", words.fileKept];
};

/** Return whether a file may never be sent: the server refuses it, or only this page has it. */
const isStuck = (state, file) =>
  file.isUnsent && file.problem !== "fileLost" && (file.problem !== "" || state.contents.has(file.uid));

const problemOf = (file) => words[file.problem] ?? file.problem;

const drawPicture = (row, file) => {
  const source = file.thumb || (file.isPicture ? file.address : "");
  const picture = row.querySelector("img");
  if (source && picture.getAttribute("src") !== source) picture.src = source;
  const show = () => {
    const isShown = Boolean(source) && !picture.dataset.isMissing;
    picture.hidden = !isShown;
    row.querySelector("[data-no-picture]").hidden = isShown;
  };
  picture.onerror = () => {
    picture.dataset.isMissing = "yes"; // offline
    show();
  };
  show();
};

const drawRow = (state, row, file) => {
  const field = row.querySelector("input");
  if (document.activeElement !== field) field.value = file.words;
  row.querySelector("[data-name]").textContent = file.name;
  for (const about of row.querySelectorAll("[data-of]")) about.textContent = ` ${file.words || file.name}`;
  row.querySelector("[data-save]").hidden = !isStuck(state, file);
  const [look, text] = stateOf(state, file, field.value);
  row.querySelector("[data-state]").className = `saved ${look}`;
  row.querySelector("[data-state-text]").textContent = text;
  for (const icon of row.querySelectorAll("[data-when]")) icon.hidden = icon.dataset.when !== look;
  row.querySelector("[data-problem]").hidden = !file.problem;
  row.querySelector("[data-problem-text]").textContent = problemOf(file);
  drawPicture(row, file);
};

/** Draw the files of an indicator; existing rows stay, with the text entered in them. */
export const drawFiles = (state, code) => {
  const rows = new Map([...list.children].map((row) => [row.dataset.uid, row]));
  const files = filesOf(state, code);
  for (const file of files) {
    if (!rows.has(file.uid)) {
      const row = byId("file-row").content.firstElementChild.cloneNode(true);
      row.dataset.uid = file.uid;
      list.append(row);
      rows.set(file.uid, row);
    }
    drawRow(state, rows.get(file.uid), file);
  }
  for (const [uid, row] of rows) if (!files.some((file) => file.uid === uid)) row.remove();
  list.hidden = files.length === 0;
};

/** Show the progress of a file; null if none is being sent. */
export const showSending = (state, code, file, percent) => {
  sent.clear();
  if (file) sent.set(file.uid, percent);
  drawFiles(state, code);
};

const add = async (state, code, files) => {
  const problems = [];
  for (const file of files) {
    const { problem, given, content } = await prepare(file);
    if (problem) problems.push(fill(words[problem], { name: file.name }));
    else if (!(await addFile(state, { ...given, code }, content))) problems.push(words.fileFull);
  }
  say("file-problem", problems.join(" "));
};

/** Save the content of a file for the user, or report that the browser has lost it. */
const saveAsFile = async (state, file) => {
  const content = await contentOf(state, file);
  if (content) offer(file.name, content, file.isPicture ? "image/jpeg" : "application/octet-stream");
  else await noteProblem(state, file, "fileLost", true);
};

const confirmRemoval = (file) =>
  new Promise((resolve) => {
    const dialog = byId("confirm-removal");
    dialog.querySelector("[data-what]").textContent = file.words || file.name;
    dialog.returnValue = "";
    dialog.onclose = () => resolve(dialog.returnValue === "go");
    dialog.showModal();
  });

/** Listen to the controls; `current` returns {state, code}, `changed` is called after a change is stored. */
export const listen = (current, changed) => {
  let timer = 0;
  const fileAt = (target) => current().state.files.get(target.closest("[data-uid]")?.dataset.uid);
  const describe = async (field) => {
    clearTimeout(timer);
    timer = 0;
    const file = fileAt(field);
    if (!file) return;
    await describeFile(current().state, file, field.value);
    changed();
  };
  for (const input of document.querySelectorAll("[data-choose]")) {
    input.addEventListener("change", async () => {
      const { state, code } = current();
      const files = [...input.files];
      input.value = "";
      await add(state, code, files);
      changed();
      place.scrollIntoView({ block: "nearest" });
    });
  }
  list.addEventListener("input", ({ target }) => {
    const { state, code } = current();
    drawFiles(state, code);
    timer ||= setTimeout(() => describe(target), WAIT);
  });
  list.addEventListener("change", ({ target }) => describe(target));
  list.addEventListener("click", async ({ target }) => {
    const file = fileAt(target);
    if (file && target.closest("[data-save]")) {
      await saveAsFile(current().state, file);
      drawFiles(current().state, file.code);
    }
    if (!file || !target.closest("[data-remove]") || !(await confirmRemoval(file))) return;
    await discardFile(current().state, file);
    changed();
    byId("files-title").focus();
  });
  addEventListener("beforeunload", (event) => {
    if (current().state?.contents.size) event.preventDefault(); // only this page has them
  });
};
