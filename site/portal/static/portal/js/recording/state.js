// The open data of this page: the material of the visit, a text for each indicator, the rows of sheets, and files, each
// stored encrypted on the device.
import { remove, store } from "../answers/disk.js";
import { newUid, seal, sealBytes, unseal, unsealBytes } from "./lock.js";
import { asKept, change, emptyFields, newRow, newText, sendAgain, takeStored } from "./records.js";
import { everythingOf, putRecords, recordsOf, removeFile, replaceEverything } from "./store.js";

/** Return whether a file or a change of it is unsent. */
export const isWaiting = (file) => file.isUnsent || file.isChanged || file.isRemoved;

/** Adopt whether the server keeps a row as one that came too late, with what becomes of it. */
const takeLateness = (row, { late = "", waits = false, version, fields }) => {
  if (late) Object.assign(row, { version, fields, isLate: true, waits, problem: late });
  else if (row.isLate) Object.assign(row, { isLate: false, waits: false, problem: "" });
};

const countOf = ({ owner, visit }) => `recording:${owner}:${visit}`;

/** Remove the number of unsent items of data that the device has no more. */
export const forgetCount = (lock) => remove(countOf(lock));

export class State {
  constructor(lock, key) {
    this.lock = lock;
    this.key = key;
    this.material = null;
    this.items = new Map(); // code to a text
    this.rows = new Map(); // uid to a row of a sheet
    this.files = new Map(); // uid to a file: see files.js
    this.contents = new Map(); // uid to the content of a file for which the device has no room
    this.slots = new Map(); // code, "" for the material, or uid of a row or file, to the random name of its record
    this.given = []; // drafts that were given up, until the server knows
    this.late = []; // codes of texts that came too late, which the server keeps for the user
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

  /** How much is unsent on this device: texts, rows, files, and changes of files. */
  get count() {
    return this.unsent.length + this.unsentRows.length + [...this.files.values()].filter(isWaiting).length;
  }

  /** Read all data of this user from the device. */
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

  /** Access the store after earlier accesses have ended; return whether it succeeded. */
  queue(act) {
    const turn = this.writing.then(act);
    this.writing = turn.then(
      () => true,
      () => false,
    );
    return this.writing;
  }

  /** Write records in turn, each with its values at that time, so that no older text is written last. */
  async write(records) {
    const act = async () => putRecords(await Promise.all(records().map(([name, value]) => this.sealed(name, value))));
    this.isFull = !(await this.queue(act));
    return !this.isFull;
  }

  /**
   * Store texts and rows on the device; return whether there was room. A row that was deleted meanwhile is not stored
   * again.
   */
  async keep(records) {
    const isOfUse = ({ uid }) => uid === undefined || this.rows.has(uid);
    const isKept = await this.write(() => records.filter(isOfUse).map(asKept));
    await this.tell();
    return isKept;
  }

  keepMaterial() {
    return this.write(() => [this.around()]);
  }

  /** Store a text or a row after a decision, and the draft given up for it, in one transaction. */
  async keepDecided(record) {
    await this.write(() => [asKept(record), this.around()]);
    await this.tell();
  }

  /** The record of everything that is not a text, row or file. */
  around() {
    return ["", { material: this.material, given: this.given, late: this.late }];
  }

  /** Apply edited values of an indicator to the version that was `seen`; return the text, or null without a change. */
  edit(code, fields, seen) {
    return change(this.find(code), fields, seen);
  }

  /**
   * Adopt new material, and the stored texts and rows of the server where nothing is unsent. Return whether some that
   * came too late are to be sent again.
   */
  async take(material) {
    this.material = material;
    this.late = material.late;
    const late = this.takeLate(material);
    const changed = new Set([
      ...late,
      ...this.takeRecorded(material.recorded),
      ...(await this.takeRows(material.rows)),
    ]);
    if (material.is_open)
      for (const row of this.rows.values()) if (row.isLate && row.waits) changed.add(sendAgain(row));
    await this.keepMaterial();
    if (changed.size) await this.keep([...changed]);
    return [...changed].some((record) => record.isUnsent);
  }

  /** Settle texts that came too late: sent again when their author records again, or used or discarded elsewhere. */
  takeLate({ late, is_open: isOpen }) {
    const settled = [...this.items.values()].filter((item) => item.isLate && (isOpen || !late.includes(item.code)));
    for (const item of settled) {
      if (late.includes(item.code)) sendAgain(item);
      else Object.assign(item, { isLate: false, version: 0, edit: 0, fields: emptyFields() });
    }
    return settled;
  }

  /** Adopt the texts of the server; return those that changed. */
  takeRecorded(recorded) {
    return Object.entries(recorded)
      .filter(([code, { version, fields }]) =>
        takeStored(this.find(code), { version, fields: { ...emptyFields(), ...fields } }),
      )
      .map(([code]) => this.find(code));
  }

  /** Adopt the rows of the server; return those that changed. Remove sent rows that it did not return. */
  async takeRows(stored) {
    for (const [uid, { sheet }] of Object.entries(stored))
      if (!this.rows.has(uid)) this.rows.set(uid, newRow(sheet, uid));
    const gone = [...this.rows.values()].filter((row) => !row.isUnsent && !row.other && !(row.uid in stored));
    for (const row of gone) await this.forgetRow(row);
    for (const row of this.rows.values()) if (!row.isUnsent && row.uid in stored) takeLateness(row, stored[row.uid]);
    return [...this.rows.values()].filter((row) => row.uid in stored && takeStored(row, stored[row.uid]));
  }

  /** Encrypt everything of this user on the device anew, in one transaction; return whether there was room. */
  changeLock(lock, key) {
    return this.queue(async () => {
      const renew = async (kept) => ({ ...kept, ...(await sealBytes(key, await unsealBytes(this.key, kept))) });
      const { records, contents } = await everythingOf(this.lock);
      const renewed = [[], []];
      for (const [place, kept] of [records, contents].entries())
        for (const one of kept) renewed[place].push(await renew(one));
      await replaceEverything(lock, ...renewed);
      Object.assign(this, { lock, key });
    });
  }

  async forgetRow({ uid }) {
    this.rows.delete(uid);
    await this.queue(() => removeFile("", this.slots.get(uid)));
  }

  /**
   * Tell every page of this browser how much is unsent: only a number and an address are stored. Resolves when they are
   * on the disk.
   */
  async tell() {
    const { count } = this;
    const name = countOf(this.lock);
    if (count) await store(name, { count, address: location.pathname, at: Date.now() });
    else await remove(name);
  }
}
