// What is open in this page: the material of the visit, a text for each indicator, and files beside them, each kept
// sealed on the device.
import { newUid, seal, unseal } from "./lock.js";
import { putRecords, recordsOf } from "./store.js";

/** Whether a file, or what was changed of it, is not sent. */
export const isWaiting = (file) => file.isUnsent || file.isChanged || file.isRemoved;

export const FIELDS = ["level", "value", "words", "strength", "concern"];
export const emptyFields = () => ({ ...Object.fromEntries(FIELDS.map((name) => [name, ""])), good_practice: false });
export const isSame = (one, other) =>
  FIELDS.every((name) => (one[name] ?? "") === (other[name] ?? "")) &&
  Boolean(one.good_practice) === Boolean(other.good_practice);
export const isGiven = (fields) => Boolean(fields.level || fields.value);

/**
 * A text that nobody wrote yet. `edit` counts what is typed here, `taken` how often another device's text was taken over
 * from the server; `sent` is a save that nobody has confirmed.
 */
const blank = (code) => ({
  code,
  draft: newUid(),
  fields: emptyFields(),
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

export class State {
  constructor(lock, key) {
    this.lock = lock;
    this.key = key;
    this.material = null;
    this.items = new Map();
    this.files = new Map(); // uid to a file: see files.js
    this.contents = new Map(); // uid to the content of a file for which the device has no room
    this.slots = new Map(); // code, "" of the material, or uid of a file, to the random name of its record
    this.given = []; // drafts that are given up, until the server knows
    this.late = []; // the indicators of texts that came too late, which the server keeps for the person
    this.isFull = false;
    this.writing = Promise.resolve();
  }

  get visit() {
    return this.lock.visit;
  }

  get unsent() {
    return [...this.items.values()].filter((item) => item.isUnsent);
  }

  /** How much waits on this device: texts, files, and what was changed of files. */
  get count() {
    return this.unsent.length + [...this.files.values()].filter(isWaiting).length;
  }

  /** Read everything of this person from the device. */
  async read() {
    for (const record of await recordsOf(this.lock)) {
      const value = await unseal(this.key, record);
      if (value.material) {
        this.slots.set("", record.slot);
        Object.assign(this, { material: value.material, given: value.given ?? [], late: value.late ?? [] });
      } else if (value.file) {
        this.slots.set(value.file.uid, record.slot);
        this.files.set(value.file.uid, value.file);
      } else {
        this.slots.set(value.code, record.slot);
        this.items.set(value.code, value);
      }
    }
  }

  find(code) {
    if (!this.items.has(code)) this.items.set(code, blank(code));
    return this.items.get(code);
  }

  async sealed(name, value) {
    if (!this.slots.has(name)) this.slots.set(name, newUid());
    const { visit, owner } = this.lock;
    return { slot: this.slots.get(name), visit, owner, ...(await seal(this.key, value)) };
  }

  /** Do something with the store once what was begun before is over; whether it was done. */
  queue(act) {
    const turn = this.writing.then(act);
    this.writing = turn.then(
      () => true,
      () => false,
    );
    return this.writing;
  }

  /** Write records one after another, each as it stands when its turn comes: no older text is written last. */
  async write(records) {
    const act = async () => putRecords(await Promise.all(records().map(([name, value]) => this.sealed(name, value))));
    this.isFull = !(await this.queue(act));
    return !this.isFull;
  }

  /** Keep texts on the device; whether there was room. */
  async keep(items) {
    const isKept = await this.write(() => items.map((item) => [item.code, item]));
    this.tell();
    return isKept;
  }

  keepMaterial() {
    return this.write(() => [this.around()]);
  }

  /** Keep a text with what was decided about it, the draft given up for it: both or neither. */
  async keepDecided(item) {
    await this.write(() => [[item.code, item], this.around()]);
    this.tell();
  }

  /** The record of what is no text. */
  around() {
    return ["", { material: this.material, given: this.given, late: this.late }];
  }

  /**
   * Note what was typed over what was `seen`: {version, taken}. If another device's text was taken over since, this one
   * goes out over the version that was seen, so that the person decides.
   */
  edit(code, fields, seen) {
    const item = this.find(code);
    if (isSame(item.fields, fields)) return null;
    if (item.taken !== seen.taken) item.version = seen.version;
    Object.assign(item, { fields, edit: item.edit + 1, isUnsent: true, problem: "" });
    return item;
  }

  /** Take over new material, and the texts that the server has, where nothing is unsent. */
  async take(material) {
    this.material = material;
    this.late = material.late;
    const items = this.takeRecorded(material.recorded);
    await this.keepMaterial();
    if (items.length) await this.keep(items);
  }

  takeRecorded(recorded) {
    const changed = [];
    for (const [code, { version, fields }] of Object.entries(recorded)) {
      const item = this.find(code);
      if (item.isUnsent || item.other || item.version >= version) continue;
      Object.assign(item, { version, fields: { ...emptyFields(), ...fields }, taken: (item.taken ?? 0) + 1 });
      changed.push(item);
    }
    return changed;
  }

  /** Say to every page of this browser how much waits: a number and an address, nothing else. */
  tell() {
    const name = `recording:${this.lock.owner}:${this.visit}`;
    const { count } = this;
    try {
      if (count) localStorage.setItem(name, JSON.stringify({ count, address: location.pathname }));
      else localStorage.removeItem(name);
    } catch {
      /* the number is shown on this page all the same */
    }
  }
}
