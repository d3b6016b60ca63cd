// Stores texts that the server has not confirmed yet in this browser, by user.
const PREFIX = "unsent:";
const memory = new Map(); // entries that storage refused: the page still has them
const watchers = new Set();
let isRefused = false;

export const frame = document.getElementById("unsent");
export const owner = frame.dataset.owner;
export const words = document.getElementById("save-words").dataset;

const keyOf = (draft) => `${PREFIX}${owner}:${draft}`;
const notify = () => {
  for (const watcher of watchers) watcher();
};

/** Call `watcher` whenever the stored entries change, in this tab or another one. */
export const watch = (watcher) => watchers.add(watcher);
addEventListener("storage", (event) => {
  if (event.key === null || event.key.startsWith(PREFIX) || event.key.startsWith("recording:")) notify();
});

/** Return a uid. Also works in an insecure context. */
export const newUid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

/** Whether the browser can store entries. False if its storage is full or disabled. */
export const isKeeping = () => !isRefused;

/** Store an entry. `entry.isStored` says whether it remains when the page is closed. */
export const put = (entry) => {
  try {
    localStorage.setItem(keyOf(entry.draft), JSON.stringify({ ...entry, isStored: true }));
    memory.delete(entry.draft);
    entry.isStored = true;
  } catch {
    memory.set(entry.draft, entry);
    entry.isStored = false;
  }
  isRefused = !entry.isStored;
  notify();
};

export const remove = (draft) => {
  memory.delete(draft);
  try {
    localStorage.removeItem(keyOf(draft));
  } catch {
    /* nothing was stored */
  }
  notify();
};

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

/** Return every entry of this user, oldest first. */
export const all = () => {
  const found = [...memory.values()];
  try {
    for (const key of Object.keys(localStorage)) {
      const entry = key.startsWith(`${PREFIX}${owner}:`) ? read(key) : null;
      if (entry && !memory.has(entry.draft)) found.push(entry); // else `memory` has a newer text
    }
  } catch {
    /* storage cannot be read: only those in memory */
  }
  return found.sort((one, other) => one.at - other.at);
};

export const find = (draft) => memory.get(draft) ?? read(keyOf(draft));

/** Whether this browser stores entries of another user, such as a colleague who lost the connection here. */
export const isSharedWith = () => {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${owner}:`));
  } catch {
    return false;
  }
};

/** Return what recording views have not sent, as {count, address}, of one user or of all. */
export const recorded = (of = "") => {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(`recording:${of}`))
      .map(read)
      .filter(Boolean);
  } catch {
    return [];
  }
};

/** Remove all entries of this user, when signing out. */
export const clear = () => {
  for (const entry of all()) remove(entry.draft);
};

/** Lock a draft for this page: other tabs do not send it while the page is open. */
export const hold = (draft) => {
  navigator.locks?.request(keyOf(draft), () => new Promise(() => {}));
};

/** Run `act` unless another page holds the draft. Without locks, an entry counts as left after a minute. */
export const ifLeft = async (entry, act) => {
  if (!navigator.locks) return Date.now() - entry.at > 60000 ? act() : undefined;
  return navigator.locks.request(keyOf(entry.draft), { ifAvailable: true }, (lock) => (lock ? act() : undefined));
};
