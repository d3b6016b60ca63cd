// Sends each chosen or dropped file separately, in parts; an interrupted upload continues at the server's offset.
import { blocks } from "./block.js";
import { answered, later, whenDue } from "./retry.js";
import { askSession } from "./sender.js";
import { showStanding, unfold } from "./standing.js";
import { owner } from "./store.js";

const template = document.getElementById("upload-row");
const words = template?.dataset;
const queue = []; // the first is being sent
const FINAL = [400, 404, 405, 410, 413];
const PATIENCE = 180000; // ms: a part of half a megabyte takes long on a slow line
let isRunning = false;

const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;
const hexOf = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Send a request. Kinds of outcome: next (with the offset), done, problem, again, refused, forbidden, offline,
 * cancelled.
 */
const post = async (address, body, headers, signal) => {
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token(), ...headers },
    });
    if ([200, 409, 422].includes(response.status) && response.headers.get("Content-Type")?.includes("json")) {
      const data = await response.json();
      if (response.status === 422) return { kind: "problem", data };
      return { kind: "items" in data ? "done" : "next", data };
    }
  } catch {
    return { kind: signal.aborted ? "cancelled" : "offline" };
  }
  if (response.status === 403 || response.type === "opaqueredirect") return { kind: "forbidden" };
  if (FINAL.includes(response.status)) return { kind: response.status === 404 ? "again" : "refused" };
  return { kind: "offline", seconds: Number.parseInt(response.headers.get("Retry-After"), 10) || 0 };
};

/** Replace the HTML of an element, and keep the text entered in it. */
const redraw = (place, html) => {
  const typed = [...place.querySelectorAll("textarea[id]")].map(({ id, value }) => [id, value]);
  place.innerHTML = html;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
};

class Upload {
  constructor(place, file, said) {
    this.place = place;
    this.file = file;
    this.said = said; // the description of a proof
    this.abort = new AbortController();
    this.row = template.content.firstElementChild.cloneNode(true);
    this.row.querySelector("[data-name]").textContent = file.name;
    this.row.querySelector("[data-of]").textContent = ` ${file.name}`;
    this.row.querySelector("[data-cancel]").addEventListener("click", () => this.cancel());
    this.say(words.queued);
    this.list = place.querySelector("[data-sending]");
    this.list.hidden = false;
    this.list.append(this.row);
    unfold(place);
  }

  say(text, percent = null) {
    const state = this.row.querySelector("[data-state]");
    if (state.textContent !== text) state.textContent = text;
    this.row.querySelector("[data-going]").hidden = percent === null;
    this.row.querySelector("[data-percent]").textContent = percent === null ? "" : `${percent} %`;
  }

  /** Begin or continue: the server recognises the file by its digest. */
  async begin() {
    this.digest ??= hexOf(await crypto.subtle.digest("SHA-256", await this.file.arrayBuffer()));
    const body = new FormData();
    const { name, size } = this.file;
    const sent = { name, size, rendered_for: owner, digest: this.digest, words: this.said };
    for (const [key, value] of Object.entries(sent)) body.set(key, value);
    return post(this.place.dataset.begin, body, {}, this.abort.signal);
  }

  part({ offset }) {
    const end = Math.min(offset + this.length, this.file.size);
    const isLast = end === this.file.size;
    this.say(isLast ? words.checking : words.busy, Math.floor((100 * offset) / this.file.size));
    const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) };
    return post(this.address, this.file.slice(offset, end), headers, this.abort.signal);
  }

  /** Send until the file is attached, refused or interrupted; return the last outcome. */
  async run() {
    this.say(words.busy, 0);
    let outcome = await this.begin();
    let isNew = true;
    while (outcome.kind === "next" || (outcome.kind === "again" && isNew)) {
      answered();
      if (outcome.kind === "again") {
        isNew = false; // the upload expired: begin once more
        outcome = await this.begin();
        continue;
      }
      this.address = outcome.data.address ?? this.address;
      this.length = outcome.data.part ?? this.length;
      outcome = await this.part(outcome.data);
    }
    return outcome;
  }

  done(data) {
    const items = this.place.querySelector("[data-items]") ?? document.querySelector("[data-proofs]");
    items.innerHTML = data.items;
    const moves = document.querySelector("[data-moves]");
    if (moves && data.moves) redraw(moves, data.moves);
    showStanding(this.place.dataset.evidence, data);
    this.place.querySelector("[data-sent]").textContent = words.added.replace("{file}", this.file.name);
    const block = blocks.find((one) => this.place.parentElement.contains(one.element));
    if (block && !block.entry && !block.conflict && data.saved) block.show(data.is_missing ? "part" : "ok", data.saved);
    this.leave();
  }

  fail(text) {
    this.say(text);
    this.giveBack();
    unfold(this.place);
    this.row.querySelector("[data-state]").classList.add("wrong");
    this.isOver = true;
  }

  /** Put the description back into the form, unless another one is entered. */
  giveBack() {
    const field = this.place.querySelector("[data-says]");
    if (field && !field.value) field.value = this.said;
  }

  cancel() {
    this.abort.abort();
    this.giveBack();
    const place = queue.indexOf(this);
    if (place > 0 || (place === 0 && !isRunning)) queue.splice(place, 1);
    this.leave();
    this.place.querySelector("input[type=file]").focus();
  }

  leave() {
    this.row.remove();
    this.list.hidden = this.list.childElementCount === 0;
  }
}

const isOpen = () => queue.length > 0;

/** Send the queued files one after another; an interrupted one stays first and is retried when it is due. */
const pump = async () => {
  if (isRunning) return;
  isRunning = true;
  while (queue.length) {
    const [upload] = queue;
    let outcome;
    try {
      outcome = await upload.run();
    } catch {
      outcome = { kind: "refused" }; // the file cannot be read any more
    }
    if (outcome.kind === "forbidden") {
      const session = await askSession();
      outcome = { kind: { mine: "refused", unknown: "offline" }[session] ?? "signedOut" };
      if (session === "mine" && !upload.isTriedAnew) {
        upload.isTriedAnew = true; // the token of the page belonged to an earlier session
        continue;
      }
    }
    if (outcome.kind === "offline" || outcome.kind === "signedOut") {
      upload.say(words[outcome.kind]);
      later(outcome);
      break;
    }
    queue.shift();
    if (outcome.kind === "done") upload.done(outcome.data);
    else if (outcome.kind === "problem") upload.fail(outcome.data.problem);
    else if (outcome.kind !== "cancelled") upload.fail(words.refused);
  }
  isRunning = false;
};

const add = (place, files) => {
  const field = place.querySelector("[data-says]");
  const said = field?.value ?? "";
  for (const file of files) queue.push(new Upload(place, file, said));
  if (field) field.value = ""; // sent with the files
  pump();
};

const listen = (place) => {
  const field = place.querySelector("input[type=file]");
  const drop = field.closest(".drop");
  place.classList.add("live");
  field.addEventListener("change", () => {
    const files = [...field.files];
    field.value = ""; // not sent with the form of the page, too
    add(place, files);
  });
  const target = place.closest("[data-fold]") ?? place; // also while it is folded to one line
  for (const name of ["dragenter", "dragover"]) target.addEventListener(name, () => drop.classList.add("over"));
  for (const name of ["dragleave", "drop"]) target.addEventListener(name, () => drop.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) add(place, [...event.dataTransfer.files]);
  });
};

// Without a digest (in an insecure context) the form of the page sends the files, as without a script.
if (template && window.crypto?.subtle) {
  for (const place of document.querySelectorAll("[data-evidence]")) listen(place);
  // a file dropped elsewhere must not replace the page
  for (const name of ["dragover", "drop"]) {
    addEventListener(name, (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
  }
  whenDue(pump);
  addEventListener("beforeunload", (event) => {
    if (isOpen()) event.preventDefault();
  });
}
