// IndexedDB: the lock of each visit and user, and encrypted records under random names, which reveal nothing. The
// contents of photos and documents have their own store: each is read only when it is sent.
const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = () => {
  const request = indexedDB.open("recording", 2);
  request.onupgradeneeded = ({ oldVersion }) => {
    if (oldVersion < 1) {
      request.result.createObjectStore("locks", { keyPath: ["visit", "owner"] });
      request.result.createObjectStore("sealed", { keyPath: "slot" }).createIndex("of", ["visit", "owner"]);
    }
    request.result.createObjectStore("contents", { keyPath: "slot" }).createIndex("of", ["visit", "owner"]);
  };
  return promised(request);
};

let database = null;
const opened = () => {
  database ??= open();
  return database;
};

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

const write = async (stores, act) => {
  const transaction = (await opened()).transaction(stores, "readwrite", { durability: "strict" });
  try {
    act(transaction);
  } catch (error) {
    transaction.abort(); // all or nothing
    throw error;
  }
  await finished(transaction);
};

/**
 * Return the locks of a visit on this device, one per user: {visit, owner, name, device, salt, iterations, key, check}.
 */
export const locksOf = async (visit) => {
  const all = await promised((await opened()).transaction("locks").objectStore("locks").getAll());
  return all.filter((lock) => lock.visit === visit);
};

export const putLock = (lock) => write(["locks"], (transaction) => transaction.objectStore("locks").put(lock));

/** Return the encrypted records of a user on a visit: {slot, visit, owner, iv, data}. */
export const recordsOf = async ({ visit, owner }) =>
  promised((await opened()).transaction("sealed").objectStore("sealed").index("of").getAll([visit, owner]));

/** Write records; resolves when they are on the disk, rejects when there is no room. */
export const putRecords = (records) =>
  write(["sealed"], (transaction) => {
    for (const record of records) transaction.objectStore("sealed").put(record);
  });

/** Write the record of a file and its encrypted content in one transaction. */
export const putFile = (record, content) =>
  write(["sealed", "contents"], (transaction) => {
    transaction.objectStore("sealed").put(record);
    transaction.objectStore("contents").put(content);
  });

/** Return the encrypted content of a file, or undefined. */
export const contentIn = async (slot) =>
  promised((await opened()).transaction("contents").objectStore("contents").get(slot));

/** Remove the content of a file, and also its record if `recordSlot` is given. */
export const removeFile = (contentSlot, recordSlot = "") =>
  write(["sealed", "contents"], (transaction) => {
    if (contentSlot) transaction.objectStore("contents").delete(contentSlot);
    if (recordSlot) transaction.objectStore("sealed").delete(recordSlot);
  });

/** Return the encrypted records and contents of a user on a visit. */
export const everythingOf = async ({ visit, owner }) => {
  const transaction = (await opened()).transaction(["sealed", "contents"]);
  const read = (name) => promised(transaction.objectStore(name).index("of").getAll([visit, owner]));
  const [records, contents] = await Promise.all([read("sealed"), read("contents")]);
  return { records, contents };
};

/** Write the lock of a user with all records and contents, which are encrypted under it, in one transaction. */
export const replaceEverything = (lock, records, contents) =>
  write(["locks", "sealed", "contents"], (transaction) => {
    transaction.objectStore("locks").put(lock);
    for (const record of records) transaction.objectStore("sealed").put(record);
    for (const content of contents) transaction.objectStore("contents").put(content);
  });

/** Remove all data of a user on a visit. */
export const removeAll = async (lock) => {
  const of = [lock.visit, lock.owner];
  const stores = ["sealed", "contents"];
  await write(["locks", ...stores], (transaction) => {
    transaction.objectStore("locks").delete(of);
    for (const name of stores) {
      const store = transaction.objectStore(name);
      store.index("of").getAllKeys(of).onsuccess = ({ target }) => {
        for (const slot of target.result) store.delete(slot);
      };
    }
  });
};
