// IndexedDB: for each visit and person how it is locked, and sealed records under random names, which tell nothing.
const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = () => {
  const request = indexedDB.open("recording", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("locks", { keyPath: ["visit", "owner"] });
    request.result.createObjectStore("sealed", { keyPath: "slot" }).createIndex("of", ["visit", "owner"]);
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
  act(transaction);
  await finished(transaction);
};

/** The locks of a visit on this device: {visit, owner, name, device, salt, iterations, key, check}, one a person. */
export const locksOf = async (visit) => {
  const all = await promised((await opened()).transaction("locks").objectStore("locks").getAll());
  return all.filter((lock) => lock.visit === visit);
};

export const putLock = (lock) => write(["locks"], (transaction) => transaction.objectStore("locks").put(lock));

/** The sealed records of a person on a visit: {slot, visit, owner, iv, data}. */
export const recordsOf = async ({ visit, owner }) =>
  promised((await opened()).transaction("sealed").objectStore("sealed").index("of").getAll([visit, owner]));

/** Write records; resolves when they are on the disk, rejects when there is no room. */
export const putRecords = (records) =>
  write(["sealed"], (transaction) => {
    for (const record of records) transaction.objectStore("sealed").put(record);
  });

/** Remove everything of a person on a visit. */
export const removeAll = async (lock) => {
  const records = await recordsOf(lock);
  await write(["locks", "sealed"], (transaction) => {
    transaction.objectStore("locks").delete([lock.visit, lock.owner]);
    for (const { slot } of records) transaction.objectStore("sealed").delete(slot);
  });
};
