// Texts that the server has not confirmed yet, stored in this browser for one user.
import { isOnDisk, namesOf, read, remove as removeStored, store, watchCopies } from "./disk.js";

export { isKeeping, isOnlyHere, restored } from "./disk.js";

const PREFIX = "unsent:";
const watchers = new Set();

export const frame = document.getElementById("unsent");
export const owner = frame.dataset.owner;
export const words = document.getElementById("save-words").dataset;

const keyOf = (draft) => `${PREFIX}${owner}:${draft}`;
const tell = () => {
  for (const watcher of watchers) watcher();
};

/** Call `watcher` whenever the unsent entries change, in this tab or another one, or are on the disk. */
export const watch = (watcher) => watchers.add(watcher);
watchCopies(tell);
addEventListener("storage", (event) => {
  if (event.key === null || event.key.startsWith(PREFIX) || event.key.startsWith("recording:")) tell();
});

/** Return a new uid, also in an insecure context. */
export const newUid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

/** Store an entry; resolve with whether it, or a later one of its draft, is on the disk. */
export const put = (entry) => store(keyOf(entry.draft), entry);

export const remove = (draft) => {
  removeStored(keyOf(draft));
  tell();
};

/** Return the entries of this user, oldest first; `isStored` is whether an entry is on the disk, null until then. */
export const all = () =>
  namesOf(`${PREFIX}${owner}:`)
    .map((name) => {
      const entry = read(name);
      return entry && { ...entry, isStored: isOnDisk(name) };
    })
    .filter(Boolean)
    .sort((one, other) => one.at - other.at);

export const find = (draft) => read(keyOf(draft));

/** Return whether this browser has unsent texts of another user. */
export const isSharedWith = () => namesOf(PREFIX).some((name) => !name.startsWith(`${PREFIX}${owner}:`));

/** Return what the recording view of a visit has not sent, as {count, address}, of one user or of all. */
export const recorded = (of = "") =>
  namesOf(`recording:${of}`)
    .map(read)
    .filter((one) => one?.count);

/** Remove the entries of this user, at sign-out. */
export const clear = () => {
  for (const entry of all()) remove(entry.draft);
};

/** Lock a draft for this page: other tabs ignore it while the page is open. */
export const hold = (draft) => {
  navigator.locks?.request(keyOf(draft), () => new Promise(() => {}));
};

/**
 * Run `act` unless another page has locked the draft. Without locks, only entries older than a minute count as left.
 */
export const ifLeft = async (entry, act) => {
  if (!navigator.locks) return Date.now() - entry.at > 60000 ? act() : undefined;
  return navigator.locks.request(keyOf(entry.draft), { ifAvailable: true }, (lock) => (lock ? act() : undefined));
};
