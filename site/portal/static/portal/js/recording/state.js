// What is open in this page: the material of the visit, a text for each indicator, the rows of sheets, and files, each
// kept sealed on the device.
import { newUid, seal, unseal } from "./lock.js";
import { asKept, change, emptyFields, newRow, newText, takeStored } from "./records.js";
import { putRecords, recordsOf, removeFile } from "./store.js";

/** Whether a file, or what was changed of it, is not sent. */
export const isWaiting = (file) => file.isUnsent || file.isChanged || file.isRemoved;

export class State {
  constructor(lock, key) {
    this.lock = lock;
    this.key = key;
    this.material = null;
    this.items = new Map(); // code to a text
    this.rows = new Map(); // uid to a row of a sheet
    this.files = new Map(); // uid to a file: see files.js
    this.contents = new Map(); // uid to the content of a file for which the device has no room
    this.slots = new Map(); // code, "" of the material, or uid of a row or a file, to the random name of its record
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

  get unsentRows() {
    return [...this.rows.values()].filter((row) => row.isUnsent);
  }

  /** How much waits on this device: texts, rows, files, and what was changed of files. */
  get count() {
    return this.unsent.length + this.unsentRows.length + [...this.files.values()].filter(isWaiting).length;
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
      } else if (value.row) {
        this.slots.set(value.row.uid, record.slot);
        this.rows.set(value.row.uid, value.row);
      } else {
        this.slots.set(value.code, record.slot);
        this.items.set(value.code, value);
      }
    }
  }

  find(code) {
    if (!this.items.has(code)) this.items.set(code, newText(code));
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

  /** Keep texts and rows on the device; whether there was room. A row that was forgotten meanwhile stays so. */
  async keep(records) {
    const isOfUse = ({ uid }) => uid === undefined || this.rows.has(uid);
    const isKept = await this.write(() => records.filter(isOfUse).map(asKept));
    this.tell();
    return isKept;
  }

  keepMaterial() {
    return this.write(() => [this.around()]);
  }

  /** Keep a text or a row with what was decided about it, the draft given up for it: both or neither. */
  async keepDecided(record) {
    await this.write(() => [asKept(record), this.around()]);
    this.tell();
  }

  /** The record of what is no text. */
  around() {
    return ["", { material: this.material, given: this.given, late: this.late }];
  }

  /** Note what was typed of an indicator over what was `seen`; the text, or null if it says so already. */
  edit(code, fields, seen) {
    return change(this.find(code), fields, seen);
  }

  /** Take over new material, and the texts and rows that the server has, where nothing is unsent. */
  async take(material) {
    this.material = material;
    this.late = material.late;
    const changed = [...this.takeRecorded(material.recorded), ...(await this.takeRows(material.rows))];
    if (material.is_open) for (const row of this.rows.values()) row.isLate = false; // the visit takes rows again
    await this.keepMaterial();
    if (changed.length) await this.keep(changed);
  }

  /** Take over the texts that the server has; those that changed. */
  takeRecorded(recorded) {
    return Object.entries(recorded)
      .filter(([code, { version, fields }]) =>
        takeStored(this.find(code), { version, fields: { ...emptyFields(), ...fields } }),
      )
      .map(([code]) => this.find(code));
  }

  /** Take over the rows that the server has; those that changed. What was sent and is not among them is frozen there. */
  async takeRows(stored) {
    for (const [uid, { sheet }] of Object.entries(stored))
      if (!this.rows.has(uid)) this.rows.set(uid, newRow(sheet, uid));
    const gone = [...this.rows.values()].filter((row) => !row.isUnsent && !row.other && !(row.uid in stored));
    for (const row of gone) await this.forgetRow(row);
    return [...this.rows.values()].filter((row) => row.uid in stored && takeStored(row, stored[row.uid]));
  }

  async forgetRow({ uid }) {
    this.rows.delete(uid);
    await this.queue(() => removeFile("", this.slots.get(uid)));
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
