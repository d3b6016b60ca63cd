// The data that is open in this page: the material of the visit, a text for each indicator, the rows of sheets, and
// files. Each is stored encrypted on the device.
import { newUid, seal, unseal } from "./lock.js";
import { asKept, change, emptyFields, newRow, newText, takeStored } from "./records.js";
import { putRecords, recordsOf, removeFile } from "./store.js";

/** Whether a file, or a change of it, is unsent. */
export const isWaiting = (file) => file.isUnsent || file.isChanged || file.isRemoved;

export class State {
  constructor(lock, key) {
    this.lock = lock;
    this.key = key;
    this.material = null;
    this.items = new Map(); // code -> text
    this.rows = new Map(); // uid -> row of a sheet
    this.files = new Map(); // uid -> file: see files.js
    this.contents = new Map(); // uid -> content of a file for which the device has no room
    this.slots = new Map(); // code, "" for the material, or uid of a row or file -> random name of the record
    this.given = []; // discarded drafts, until the server knows
    this.late = []; // codes of texts that came too late, which the server stores for the user
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

  /** The number of unsent texts, rows, files, and changes of files on this device. */
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

  /** Run `act` after all earlier accesses to the store. Return whether it succeeded. */
  queue(act) {
    const turn = this.writing.then(act);
    this.writing = turn.then(
      () => true,
      () => false,
    );
    return this.writing;
  }

  /**
   * Write records in the order of the calls, each with its value at that time, so that no older text is written last.
   */
  async write(records) {
    const act = async () => putRecords(await Promise.all(records().map(([name, value]) => this.sealed(name, value))));
    this.isFull = !(await this.queue(act));
    return !this.isFull;
  }

  /**
   * Store texts and rows on the device. Return whether there was room. Rows that were deleted meanwhile are not stored.
   */
  async keep(records) {
    const isOfUse = ({ uid }) => uid === undefined || this.rows.has(uid);
    const isKept = await this.write(() => records.filter(isOfUse).map(asKept));
    this.publishCount();
    return isKept;
  }

  keepMaterial() {
    return this.write(() => [this.around()]);
  }

  /** Store a decided text or row together with the draft that was discarded for it, in one transaction. */
  async keepDecided(record) {
    await this.write(() => [asKept(record), this.around()]);
    this.publishCount();
  }

  /** Return the record of the material and of the discarded and late texts. */
  around() {
    return ["", { material: this.material, given: this.given, late: this.late }];
  }

  /** Set the typed fields of an indicator on the state `seen`. Return its text, or null if nothing changed. */
  edit(code, fields, seen) {
    return change(this.find(code), fields, seen);
  }

  /** Take over new material, and the server's texts and rows where nothing is unsent. */
  async take(material) {
    this.material = material;
    this.late = material.late;
    const changed = [...this.takeRecorded(material.recorded), ...(await this.takeRows(material.rows))];
    if (material.is_open) for (const row of this.rows.values()) row.isLate = false; // the visit accepts rows again
    await this.keepMaterial();
    if (changed.length) await this.keep(changed);
  }

  /** Take over the server's texts. Return those that changed. */
  takeRecorded(recorded) {
    return Object.entries(recorded)
      .filter(([code, { version, fields }]) =>
        takeStored(this.find(code), { version, fields: { ...emptyFields(), ...fields } }),
      )
      .map(([code]) => this.find(code));
  }

  /** Take over the server's rows and return those that changed. Sent rows that it lacks are frozen: delete them here. */
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

  /** Publish the number of unsent records and the address of this page to all pages of this browser. Nothing else. */
  publishCount() {
    const name = `recording:${this.lock.owner}:${this.visit}`;
    const { count } = this;
    try {
      if (count) localStorage.setItem(name, JSON.stringify({ count, address: location.pathname }));
      else localStorage.removeItem(name);
    } catch {
      /* this page shows the number nevertheless */
    }
  }
}
