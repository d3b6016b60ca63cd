// Photos and documents attached to a text: stored on the device with their content until they are sent.
import { digest, newUid, sealBytes, unsealBytes } from "./lock.js";
import { contentIn, putFile, removeFile } from "./store.js";

/**
 * Return a file that only this device has. `slot` is the name of its stored content. `isBegun`: the server may have a
 * part of it. `isChanged`: the server does not have its caption. `isRemoved`: the server does not know that it was
 * removed. `problem` is a sentence of the server or the name of a text of the page. A file with `isHeld` is not sent
 * again automatically.
 */
const blank = (given) => ({
  ...{ uid: newUid(), words: "", thumb: "", slot: "", address: "", problem: "" },
  ...{ isUnsent: true, isBegun: false, isChanged: false, isRemoved: false, isHeld: false },
  ...given,
});

export const filesOf = (state, code) =>
  [...state.files.values()].filter((file) => file.code === code && !file.isRemoved);

/** Store the record of a file, unless only this page has its content: the next page could not use it. */
const keepFile = async (state, file) => {
  const isOfUse = () => state.files.has(file.uid) && (file.slot || !file.isUnsent);
  await state.write(() => (isOfUse() ? [[file.uid, { file }]] : []));
  state.publishCount();
};

/** Store a file with its content. Return whether there was room; if not, only this page has the file, and sends it. */
export const addFile = async (state, given, content) => {
  const file = blank({ ...given, size: content.byteLength, digest: await digest(content) });
  const { visit, owner } = state.lock;
  const slot = newUid();
  state.files.set(file.uid, file);
  const isKept = await state.queue(async () => {
    const sealed = { slot, visit, owner, ...(await sealBytes(state.key, content)) };
    await putFile(await state.sealed(file.uid, { file: { ...file, slot } }), sealed);
  });
  if (!state.files.has(file.uid)) {
    await state.queue(() => removeFile(slot, state.slots.get(file.uid))); // removed meanwhile
  } else if (isKept) {
    file.slot = slot;
    if (file.words !== (given.words ?? "")) await keepFile(state, file); // caption changed meanwhile
  } else state.contents.set(file.uid, content);
  state.publishCount();
  return isKept;
};

/** Return the content of an unsent file, or null if the browser has lost it. */
export const contentOf = async (state, file) => {
  if (state.contents.has(file.uid)) return state.contents.get(file.uid);
  const sealed = file.slot ? await contentIn(file.slot) : undefined;
  return sealed ? unsealBytes(state.key, sealed) : null;
};

export const describeFile = async (state, file, words) => {
  if (file.words === words) return;
  Object.assign(file, { words, isChanged: !file.isUnsent });
  await keepFile(state, file);
};

const dropContent = async (state, file) => {
  const { slot } = file;
  file.slot = "";
  state.contents.delete(file.uid);
  await keepFile(state, file);
  await state.queue(() => removeFile(slot));
};

const forget = async (state, file) => {
  state.files.delete(file.uid);
  state.contents.delete(file.uid);
  await state.queue(() => removeFile(file.slot, state.slots.get(file.uid)));
  state.publishCount();
};

/** Remove a file. If the server may know it, it is notified with the next texts. */
export const discardFile = async (state, file) => {
  if (file.isUnsent && !file.isBegun) {
    await forget(state, file);
    return;
  }
  Object.assign(file, { isRemoved: true, isUnsent: false, isChanged: false, problem: "" });
  await dropContent(state, file);
};

/** Store that sending a file has begun: from now on the server may have it. */
export const noteBegun = async (state, file) => {
  if (file.isBegun) return;
  file.isBegun = true;
  await keepFile(state, file);
};

export const noteProblem = async (state, file, problem, isHeld = false) => {
  Object.assign(file, { problem, isHeld });
  await keepFile(state, file);
};

/** Store that the server has a file. Its content is deleted from the device, its thumbnail remains. */
export const noteSent = async (state, file, { address, words }) => {
  Object.assign(file, { address, isUnsent: false, problem: "", isHeld: false });
  if (!file.isRemoved) file.isChanged = file.words !== words;
  await dropContent(state, file);
};

/** Return the changes that are sent with the texts: changed captions and removed files, at most `most` of each. */
export const changesOf = (state, most) => {
  const files = [...state.files.values()];
  const changed = files.filter((file) => file.isChanged).slice(0, most);
  const removed = files.filter((file) => file.isRemoved).slice(0, most);
  return {
    captions: Object.fromEntries(changed.map(({ uid, words }) => [uid, words])),
    removed_files: removed.map(({ uid }) => uid),
  };
};

/** Process changes that were sent: the server has applied them, or kept its state, as they came too late. */
const settleChanges = async (state, known, { captions, removed_files: removed }) => {
  for (const uid of removed) {
    const file = state.files.get(uid);
    if (!file) continue;
    if (!known.has(uid)) await forget(state, file);
    else await noteProblem(state, Object.assign(file, { isRemoved: false }), "fileStays");
  }
  for (const [uid, words] of Object.entries(captions)) {
    const file = state.files.get(uid);
    if (!file || !known.has(uid)) continue;
    const isTaken = known.get(uid).words === words;
    file.isChanged = !isTaken || file.words !== words;
    await noteProblem(state, file, isTaken ? "" : "fileStays");
  }
};

/** Update the files by those that the server has, after `changes` were sent. */
export const takeFiles = async (state, stored, changes = { captions: {}, removed_files: [] }) => {
  const known = new Map(stored.map((one) => [one.uid, one]));
  await settleChanges(state, known, changes);
  for (const one of stored) {
    const file = state.files.get(one.uid);
    if (!file) await takeNew(state, one);
    else if (file.isUnsent) await noteSent(state, file, one);
    else if (!file.isRemoved && !file.isChanged && file.words !== one.words) {
      file.words = one.words;
      await keepFile(state, file);
    }
  }
  const gone = [...state.files.values()].filter((file) => !file.isUnsent && !file.isRemoved && !known.has(file.uid));
  for (const file of gone) await forget(state, file); // removed on a page or another device
};

const takeNew = async (state, { uid, code, name, words, is_picture: isPicture, address }) => {
  const file = blank({ uid, code, name, words, isPicture, address, isUnsent: false });
  state.files.set(uid, file);
  await keepFile(state, file);
};
