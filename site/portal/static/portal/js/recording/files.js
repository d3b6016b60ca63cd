// Photos and documents of an observation, stored on the device with their content until they are sent.
import { digest, newUid, sealBytes, unsealBytes } from "./lock.js";
import { contentIn, putFile, removeFile } from "./store.js";

/**
 * Return a file that only this device has. `slot` names its content. `isBegun`: the server may have a part of it.
 * `isChanged`: the server does not have its description. `isRemoved`: the server does not know of the removal.
 * `problem` is a sentence of the server or the name of one of the page. A file that `isHeld` is not sent again
 * automatically.
 */
const blank = (given) => ({
  ...{ uid: newUid(), words: "", thumb: "", slot: "", address: "", problem: "" },
  ...{ isUnsent: true, isBegun: false, isChanged: false, isRemoved: false, isHeld: false },
  ...given,
});

export const filesOf = (state, code) =>
  [...state.files.values()].filter((file) => file.code === code && !file.isRemoved);

const unstored = new Set(); // uids of the files whose latest record is not on the disk

/** Return whether an unsent file, or a change of it, is on the disk. */
export const isOnDisk = (file) => !unstored.has(file.uid) && (!file.isUnsent || file.slot !== "");

/** Write the record of a file, unless it has no content on the device: the next page could not use it. */
const keepFile = async (state, file) => {
  const isOfUse = () => state.files.has(file.uid) && (file.slot || !file.isUnsent);
  unstored.add(file.uid);
  if (await state.write(() => (isOfUse() ? [[file.uid, { file }]] : []))) unstored.delete(file.uid);
  await state.tell();
};

/** Store a file with its content; return whether there was room. If not, only this page has it, and sends it. */
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
    if (file.words !== (given.words ?? "")) await keepFile(state, file); // described meanwhile
  } else state.contents.set(file.uid, content);
  await state.tell();
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
  await state.tell();
};

/** Remove a file here; the next request with texts reports the removal, if the server may know the file. */
export const discardFile = async (state, file) => {
  if (file.isUnsent && !file.isBegun) {
    await forget(state, file);
    return;
  }
  Object.assign(file, { isRemoved: true, isUnsent: false, isChanged: false, problem: "" });
  await dropContent(state, file);
};

/** Record that a file is being sent: the server may have it from now on. */
export const noteBegun = async (state, file) => {
  if (file.isBegun) return;
  file.isBegun = true;
  await keepFile(state, file);
};

export const noteProblem = async (state, file, problem, isHeld = false) => {
  Object.assign(file, { problem, isHeld });
  await keepFile(state, file);
};

/** Record that the server has a file: remove its content from the device, and keep its thumbnail. */
export const noteSent = async (state, file, { address, words }) => {
  Object.assign(file, { address, isUnsent: false, problem: "", isHeld: false });
  if (!file.isRemoved) file.isChanged = file.words !== words;
  await dropContent(state, file);
};

/** Return the changes to send with the texts: changed descriptions and removed files, at most `most` of each. */
export const changesOf = (state, most) => {
  const files = [...state.files.values()];
  const changed = files.filter((file) => file.isChanged).slice(0, most);
  const removed = files.filter((file) => file.isRemoved).slice(0, most);
  return {
    captions: Object.fromEntries(changed.map(({ uid, words }) => [uid, words])),
    removed_files: removed.map(({ uid }) => uid),
  };
};

/** Settle sent changes: the server has made them, or it has the unchanged file because they came too late. */
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

/** Update the files from those of the server, after `changes` were sent. */
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
