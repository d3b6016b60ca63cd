// Texts that the server has not confirmed yet, stored in this browser for one user.
const PREFIX = "unsent:";
const memory = new Map(); // for a full or forbidden store: only the page itself has these texts
const watchers = new Set();
let isRefused = false;

export const frame = document.getElementById("unsent");
export const owner = frame.dataset.owner;
export const words = document.getElementById("save-words").dataset;

const keyOf = (draft) => `${PREFIX}${owner}:${draft}`;
const tell = () => {
  for (const watcher of watchers) watcher();
};

/** Call `watcher` whenever the unsent entries change, in this tab or another one. */
export const watch = (watcher) => watchers.add(watcher);
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

/** Return whether the browser stores entries: not if its storage is full or forbidden. */
export const isKeeping = () => !isRefused;

/** Store an entry; `entry.isStored` is whether it survives the page. */
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
    /* nothing was stored */
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

/** Return the entries of this user, oldest first. */
export const all = () => {
  const found = [...memory.values()];
  try {
    for (const key of Object.keys(localStorage)) {
      const entry = key.startsWith(`${PREFIX}${owner}:`) ? read(key) : null;
      if (entry && !memory.has(entry.draft)) found.push(entry); // the stored text is older than the one in memory
    }
  } catch {
    /* only the entries in memory */
  }
  return found.sort((one, other) => one.at - other.at);
};

export const find = (draft) => memory.get(draft) ?? read(keyOf(draft));

/** Return whether this browser has unsent texts of another user. */
export const isSharedWith = () => {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${owner}:`));
  } catch {
    return false;
  }
};

/** Return what the recording view of a visit has not sent, as {count, address}, of one user or of all. */
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
