// One text on its page: the entered text, the saved text, and the displayed state of saving.
import { clock } from "./clock.js";
import { isTouched, markInvalid, readFields, writeFields } from "./fields.js";
import { choose } from "./levels.js";
import { answered, later } from "./retry.js";
import { discard, send, sendLast, settle } from "./sender.js";
import { showStanding, unfold } from "./standing.js";
import { hold, ifLeft, put, remove, words } from "./store.js";

const WAIT = 900; // ms after the last key
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// kind of a failure -> class of the state, and name of its sentence
const STATES = {
  offline: ["off", "offline"],
  busy: ["off", "busy"],
  signedOut: ["bad", "signedOut"],
  another: ["bad", "another"],
  refused: ["bad", "refused"],
  problem: ["bad", "failed"],
};

export class Block {
  constructor(element) {
    this.element = element;
    this.draft = element.dataset.draft;
    this.version = Number(element.dataset.version);
    this.entry = null; // the entry that is not confirmed yet
    this.conflict = null; // {version, theirs, uid} of an unresolved conflict
    this.decided = 0; // the version over which "Keep mine" was pressed
    this.unsaid = ""; // which indicators are asked, from a save that a newer one followed at once
    this.running = null;
    this.timer = 0;
    this.place = element.querySelector("[data-conflict]");
    hold(this.draft);
    this.listen();
    // changed before this script was loaded
    if (isTouched(element)) {
      this.note();
      this.flush();
    }
  }

  listen() {
    const { element } = this;
    element.querySelector("[data-plain-save]").hidden = true;
    element.addEventListener("input", (event) => {
      if (this.isText(event.target)) this.typed(event.target);
    });
    element.addEventListener("change", (event) => {
      if (event.target.type !== "file") this.changed(event.target);
    });
    element.addEventListener("keydown", (event) => this.choose(event));
    element.addEventListener("click", (event) => this.clicked(event));
  }

  isText(control) {
    return control.matches("textarea, input[type=text]");
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-confirm]")) {
      event.preventDefault();
      this.note();
      this.flush();
    }
    if (button.matches("[data-try]")) {
      this.note();
      this.flush();
    }
    if (!button.closest("[data-conflict]")) return;
    if (button.matches("[data-keep-mine]")) {
      event.preventDefault();
      this.keepMine();
    }
    if (button.matches("[data-take-theirs], [data-discard]")) {
      event.preventDefault();
      this.drop(button);
    }
  }

  choose(event) {
    // a digit inside a picker chooses the level
    const picker = event.target.closest(".picker");
    if (!picker || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
    choose(picker, event.key);
  }

  typed(control) {
    // the level of the previous number is outdated
    if (control.matches("input")) this.element.querySelector("[data-result]")?.replaceChildren();
    this.note();
    this.soon();
  }

  changed(control) {
    // The control lost the focus, and everything is saved or waits for the next attempt: do not move the page under a
    // click.
    if (this.isText(control) && (this.entry === null || this.entry.waiting)) return;
    this.note();
    if (this.conflict) this.soon();
    else this.flush();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), WAIT);
  }

  /** Store the values of the block in the browser, before anything else happens to them. */
  note(resolves = this.entry?.resolves ?? false) {
    const { code, action, place } = this.element.dataset;
    const page = `${location.pathname}#${this.element.closest("[id]").id}`;
    const fields = readFields(this.element);
    this.entry ??= { draft: this.draft, code, action, page, title: place, sent: null };
    Object.assign(this.entry, { fields, version: this.version, resolves, at: Date.now(), waiting: "", problem: "" });
    put(this.entry);
    const mine = this.place.querySelector("[data-mine-words]");
    if (mine) mine.textContent = new Map(fields).get("words") ?? "";
    this.show(this.conflict ? "bad" : "", this.conflict ? words.clash : words.typing);
  }

  /** Send until the newest values are confirmed. */
  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async run() {
    while (this.entry) {
      if (!this.conflict) this.show("", words.saving);
      const outcome = await send(this.entry);
      if (!this.take(outcome)) return;
    }
  }

  /** Apply the outcome of a save; return true if newer values must be sent at once. */
  take(outcome) {
    if (!this.entry) return false; // discarded meanwhile
    const { kind, data } = outcome;
    const isDone = settle(this.entry, outcome);
    if (isDone) this.entry = null;
    if (["saved", "conflict", "closed", "problem"].includes(kind)) answered();
    markInvalid(this.element, kind === "problem" || kind === "closed" ? data.problem : "");
    if (kind === "saved") return this.saved(data, isDone);
    if (kind === "conflict") return this.clash(data);
    if (kind === "closed") {
      this.shut(data);
      return false;
    }
    this.tell(kind, data);
    if (!["problem", "refused"].includes(kind)) later(outcome);
    return false;
  }

  /** Show why the entry is not saved, and that it is kept on the device once it is on the disk. */
  async tell(kind, data) {
    const { entry } = this;
    const isStored = await put(entry);
    if (this.entry !== entry || entry.waiting !== kind) return; // changed, sent or discarded meanwhile
    const [look, name] = STATES[kind];
    const said = isStored ? words[name] : (words[`${name}Here`] ?? words[name]);
    const text = kind === "problem" ? `${said} ${data.problem}` : said;
    this.show(look, look === "off" && isStored ? `${text} ${clock()}` : text, kind);
  }

  saved(data, isDone) {
    this.version = data.version;
    this.decided = 0;
    this.close();
    this.element.querySelector("[data-carried]")?.setAttribute("hidden", "");
    showStanding(this.element.dataset.code, data);
    this.unsaid = [this.unsaid, data.asked_words].filter(Boolean).join(". ");
    if (isDone) {
      this.show(data.missing ? "part" : "ok", [data.saved, data.missing, this.unsaid].filter(Boolean).join(". "));
      this.unsaid = "";
    }
    return !isDone;
  }

  clash(data) {
    if (this.decided && this.decided === data.version) {
      // the response to a save from before the decision
      this.note(true);
      return true;
    }
    const isNew = this.conflict?.version !== data.version;
    this.conflict = data;
    this.show("bad", words.clash);
    if (isNew) this.open(data.panel);
    if (this.entry) this.soon(); // newer values update the text that the server stored
    return false;
  }

  shut(data) {
    this.show("bad", words.failed);
    if (data.panel) this.open(data.panel);
  }

  /** Show a panel at the text, and move the focus to it once the user stops typing. */
  open(html) {
    this.place.innerHTML = html;
    this.place.hidden = false;
    for (const button of this.place.querySelectorAll("[data-copy]")) button.hidden = false;
    const panel = this.place.firstElementChild;
    const lead = () => {
      if (this.timer) {
        setTimeout(lead, WAIT);
        return;
      }
      panel.scrollIntoView({ block: "center" });
      panel.focus({ preventScroll: true });
    };
    lead();
  }

  close() {
    this.conflict = null;
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  keepMine() {
    this.decided = this.conflict?.version ?? 0;
    this.version = this.decided;
    this.conflict = null;
    this.place.hidden = true;
    this.note(true);
    this.flush();
  }

  /** Adopt the text of the server, or discard the one that came too late. */
  async drop(button) {
    const { conflict } = this;
    clearTimeout(this.timer);
    this.timer = 0;
    await this.running;
    if (!(await discard(button.getAttribute("formaction")))) {
      this.show("off", words.tryAgain);
      return;
    }
    if (this.entry) remove(this.entry.draft);
    this.entry = null;
    if (conflict) {
      const latest = this.conflict ?? conflict;
      writeFields(this.element, Object.entries(latest.theirs));
      this.version = latest.version;
      showStanding(this.element.dataset.code, latest);
    }
    this.close();
    markInvalid(this.element, "");
    this.show(conflict ? "ok" : "", conflict ? words.theirs : "");
    this.element.querySelector("textarea")?.focus();
  }

  /** Restore a stored entry from before the page was left, and send it. */
  adopt(entry) {
    if (this.entry || entry.action !== this.element.dataset.action) return false;
    this.draft = entry.draft;
    hold(this.draft);
    if (!same(readFields(this.element), entry.fields)) writeFields(this.element, entry.fields);
    this.version = entry.version;
    this.entry = { ...entry, waiting: "" };
    put(this.entry);
    this.flush();
    return true;
  }

  /** The page is being left: send an entry that is not being sent. It stays in the store until it is confirmed. */
  leave() {
    if (this.entry && !this.running && !this.conflict && !this.entry.waiting) sendLast(this.entry);
  }

  show(look, text, kind = "") {
    if (["off", "bad"].includes(look)) unfold(this.element);
    const place = this.element.querySelector("[data-saved]");
    place.className = `saved ${look}`;
    place.querySelector("[data-saved-text]").textContent = text;
    for (const icon of place.querySelectorAll("[data-when]"))
      icon.hidden = icon.dataset.when !== (look || (text ? "busy" : ""));
    this.element.querySelector("[data-try]").hidden = !["offline", "busy", "signedOut", "another", "refused"].includes(
      kind,
    );
    this.element.querySelector("[data-sign-in]").hidden = !["signedOut", "another"].includes(kind);
  }
}

/** The blocks of the page, each with its stored entry. */
export const blocks = [...document.querySelectorAll("[data-autosave]")].map((element) => new Block(element));

/** Give an entry that no page holds to its block on this page, if there is one. */
export const adopt = async (entry) => {
  const block = blocks.find((one) => one.element.dataset.action === entry.action && !one.entry && !one.running);
  let taken = false;
  if (block)
    await ifLeft(entry, () => {
      taken = block.adopt(entry);
    });
  return taken;
};
