// Values by name in this browser that survive its end. localStorage has a value at once, for other tabs and for a page
// that is left in the middle of a word, but a browser writes it to the disk only seconds later. IndexedDB has a copy of
// it on the disk, from which a value is restored that a killed browser lost.
const PATIENCE = 5000; // ms after which a browser that does not answer counts as one that stores nothing
const memory = new Map(); // values for which localStorage has no room or that it refuses
const changed = new Map(); // name to the value that is not being copied yet, or null for a removed one
const copying = new Set(); // names of the values that are being copied
const failed = new Set(); // names of the values that could not be copied
const watchers = new Set();
let database = null;
let running = null;
let isRefusing = false;

const promised = (target, done, refused) =>
  new Promise((resolve, reject) => {
    target[done] = () => resolve(target.result);
    for (const name of refused) target[name] = () => reject(target.error);
    setTimeout(() => reject(new Error("no answer")), PATIENCE);
  });

const open = async () => {
  const request = indexedDB.open("unsent", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("copies");
  const opened = await promised(request, "onsuccess", ["onerror", "onblocked"]);
  opened.onclose = () => {
    database = null; // the site's data were cleared
  };
  opened.onversionchange = () => {
    opened.close();
    database = null;
  };
  return opened;
};

const opened = () => {
  database ??= open().catch((error) => {
    database = null;
    throw error;
  });
  return database;
};

const writeIn = (connection, changes) => {
  const transaction = connection.transaction("copies", "readwrite", { durability: "strict" });
  const copies = transaction.objectStore("copies");
  for (const [name, value] of changes) {
    if (value === null) copies.delete(name);
    else copies.put(value, name);
  }
  return promised(transaction, "oncomplete", ["onabort", "onerror"]);
};

const write = async (changes) => {
  try {
    await writeIn(await opened(), changes);
    for (const [name, value] of changes) {
      failed.delete(name);
      if (value !== null) isRefusing = false;
    }
  } catch {
    for (const [name, value] of changes) {
      if (value === null) failed.delete(name);
      else failed.add(name);
      isRefusing ||= value !== null;
    }
  }
};

/** Take the changes that are not being copied yet. */
const takeChanges = () => {
  const changes = [...changed];
  changed.clear();
  return changes;
};

/** Copy one batch of changes after another until none is left. */
const copyAll = async () => {
  while (changed.size) {
    const changes = takeChanges();
    for (const [name] of changes) copying.add(name);
    await write(changes);
    copying.clear();
  }
  running = null;
  for (const watcher of watchers) watcher();
};

const copy = (name, value) => {
  changed.set(name, value);
  running ??= copyAll();
  return running;
};

addEventListener("pagehide", () => {
  if (changed.size) write(takeChanges()); // behind the batch that is being written
});

const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const readStored = (name) => {
  try {
    return parse(localStorage.getItem(name));
  } catch {
    return null;
  }
};

const storeOrRemember = (name, value) => {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    memory.delete(name);
  } catch {
    memory.set(name, value); // the stored value is older
  }
};

/** Call `watcher` after values were copied to the disk, or could not be. */
export const watchCopies = (watcher) => watchers.add(watcher);

export const read = (name) => memory.get(name) ?? readStored(name);

/** Return the names that begin with `prefix`. */
export const namesOf = (prefix) => {
  const names = new Set(memory.keys());
  try {
    for (const name of Object.keys(localStorage)) names.add(name);
  } catch {
    /* only the values in memory */
  }
  return [...names].filter((name) => name.startsWith(prefix));
};

/** Store a value, an object with the time `at`; resolve with whether it, or a later one, is on the disk. */
export const store = async (name, value) => {
  storeOrRemember(name, value);
  await copy(name, value);
  return !failed.has(name);
};

/** Remove a value; resolves when it is removed from the disk, too. */
export const remove = (name) => {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    /* nothing was stored */
  }
  return copy(name, null);
};

/** Return whether the newest value of a name is on the disk; null while it is being written. */
export const isOnDisk = (name) => {
  if (changed.has(name) || copying.has(name)) return null;
  return !failed.has(name);
};

/** Return whether some value is nowhere but in this page. */
export const isOnlyHere = () => [...memory.keys()].some((name) => failed.has(name));

/** Return whether the browser writes what it is given: not if its storage is full or forbidden. */
export const isKeeping = () => !isRefusing;

/** Resolves when the values that a killed browser lost are restored. */
export const restored = (async () => {
  const copies = (await opened()).transaction("copies").objectStore("copies");
  const [names, values] = await Promise.all(
    [copies.getAllKeys(), copies.getAll()].map((request) => promised(request, "onsuccess", ["onerror"])),
  );
  for (const [place, name] of names.entries()) {
    const value = values[place];
    if ((readStored(name)?.at ?? 0) < value.at && !changed.has(name)) storeOrRemember(name, value);
  }
  for (const name of namesOf("").filter((one) => !names.includes(one) && read(one)?.at)) copy(name, read(name));
  for (const watcher of watchers) watcher();
})().catch(() => {});
