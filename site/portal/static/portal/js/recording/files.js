// Photos and documents beside a text: kept on the device with their content until they are sent.
import { digest, newUid, sealBytes, unsealBytes } from "./lock.js";
import { contentIn, putFile, removeFile } from "./store.js";

/**
 * A file that nobody has but this device. `slot` names its content. `isBegun`: some of it may be on the server.
 * `isChanged`: the server does not have its words. `isRemoved`: the server does not know that it is gone. `problem` is
 * a sentence of the server or the name of one of the page; what `isHeld` is not sent again by itself.
 */
const blank = (given) => ({
  ...{ uid: newUid(), words: "", thumb: "", slot: "", address: "", problem: "" },
  ...{ isUnsent: true, isBegun: false, isChanged: false, isRemoved: false, isHeld: false },
  ...given,
});

export const filesOf = (state, code) =>
  [...state.files.values()].filter((file) => file.code === code && !file.isRemoved);

/** Write the record of a file; one without its content on the device is of no use to the next page. */
const keepFile = async (state, file) => {
  const isOfUse = () => state.files.has(file.uid) && (file.slot || !file.isUnsent);
  await state.write(() => (isOfUse() ? [[file.uid, { file }]] : []));
  state.tell();
};

/** Keep a file with its content; whether there was room. If not, it is on this page only, and sent from there. */
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
    if (file.words !== (given.words ?? "")) await keepFile(state, file); // written meanwhile
  } else state.contents.set(file.uid, content);
  state.tell();
  return isKept;
};

/** The content of a file that is not sent, or null if the browser has lost it. */
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
  state.tell();
};

/** Remove a file here; the server is told with the next texts, if it may know of it. */
export const discardFile = async (state, file) => {
  if (file.isUnsent && !file.isBegun) {
    await forget(state, file);
    return;
  }
  Object.assign(file, { isRemoved: true, isUnsent: false, isChanged: false, problem: "" });
  await dropContent(state, file);
};

/** Note that a file is on its way: from now on the server may have it. */
export const noteBegun = async (state, file) => {
  if (file.isBegun) return;
  file.isBegun = true;
  await keepFile(state, file);
};

export const noteProblem = async (state, file, problem, isHeld = false) => {
  Object.assign(file, { problem, isHeld });
  await keepFile(state, file);
};

/** Note that the server has a file: its content goes from the device, its small picture stays. */
export const noteSent = async (state, file, { address, words }) => {
  Object.assign(file, { address, isUnsent: false, problem: "", isHeld: false });
  if (!file.isRemoved) file.isChanged = file.words !== words;
  await dropContent(state, file);
};

/** What goes out with the texts: words that were changed, and files that were removed, at most so many of each. */
export const changesOf = (state, most) => {
  const files = [...state.files.values()];
  const changed = files.filter((file) => file.isChanged).slice(0, most);
  const removed = files.filter((file) => file.isRemoved).slice(0, most);
  return {
    captions: Object.fromEntries(changed.map(({ uid, words }) => [uid, words])),
    removed_files: removed.map(({ uid }) => uid),
  };
};

/** Settle changes that were sent: the server has done them, or has each file as it was, because it came too late. */
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

/** Bring the files up to date with those that the server has, after `changes` were sent. */
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
