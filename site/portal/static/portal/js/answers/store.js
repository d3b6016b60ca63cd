// Words that are not confirmed by the server yet, kept in this browser for one person.
const PREFIX = "unsent:";
const memory = new Map(); // where the store is full or forbidden: the page itself still holds the words
const watchers = new Set();
let isRefused = false;

export const frame = document.getElementById("unsent");
export const owner = frame.dataset.owner;
export const words = document.getElementById("save-words").dataset;

const keyOf = (draft) => `${PREFIX}${owner}:${draft}`;
const tell = () => {
  for (const watcher of watchers) watcher();
};

/** Call `watcher` whenever what waits has changed, here or in another tab. */
export const watch = (watcher) => watchers.add(watcher);
addEventListener("storage", (event) => {
  if (event.key === null || event.key.startsWith(PREFIX) || event.key.startsWith("recording:")) tell();
});

/** A uid that also works where the page is not in a secure context. */
export const newUid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const hex = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

/** Whether the browser keeps what it is given: not where its storage is full or forbidden. */
export const isKeeping = () => !isRefused;

/** Keep an entry; `entry.isStored` says whether it outlives the page. */
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
  tell();
};

export const remove = (draft) => {
  memory.delete(draft);
  try {
    localStorage.removeItem(keyOf(draft));
  } catch {
    /* nothing was kept there */
  }
  tell();
};

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

/** Every entry of this person, oldest first. */
export const all = () => {
  const found = [...memory.values()];
  try {
    for (const key of Object.keys(localStorage)) {
      const entry = key.startsWith(`${PREFIX}${owner}:`) ? read(key) : null;
      if (entry && !memory.has(entry.draft)) found.push(entry); // else older words: the newer ones found no room
    }
  } catch {
    /* only what is in memory */
  }
  return found.sort((one, other) => one.at - other.at);
};

export const find = (draft) => memory.get(draft) ?? read(keyOf(draft));

/** Whether words of somebody else wait in this browser: of a colleague who lost the connection at the same desk. */
export const isSharedWith = () => {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${owner}:`));
  } catch {
    return false;
  }
};

/** What the recording view of a visit has not sent, as {count, address}, of this person or of anybody. */
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

/** Remove everything of this person, at sign-out. */
export const clear = () => {
  for (const entry of all()) remove(entry.draft);
};

/** Keep a draft to this page: other tabs leave it alone for as long as the page lives. */
export const hold = (draft) => {
  navigator.locks?.request(keyOf(draft), () => new Promise(() => {}));
};

/** Run `act` unless another page holds the draft. Without locks, only what has lain for a minute counts as left. */
export const ifLeft = async (entry, act) => {
  if (!navigator.locks) return Date.now() - entry.at > 60000 ? act() : undefined;
  return navigator.locks.request(keyOf(entry.draft), { ifAvailable: true }, (lock) => (lock ? act() : undefined));
};
