// Sends files in parts, one after another; an interrupted upload continues at the server's offset.
import { contentOf, discardFile, noteBegun, noteProblem, noteSent } from "./files.js";
import { addressOf, fetchJson } from "./network.js";

const TRIED_AGAIN = ["not_recording", "not_examined", "not_scanned", "too_many"]; // the same file may be accepted later

const PATIENCE = 180000; // ms: a part of half a megabyte takes long on a slow line

const post = (address, token, body, headers = {}) =>
  fetchJson(address, { method: "POST", body, headers: { "X-CSRFToken": token, ...headers } }, [409, 422], PATIENCE);

const begin = (state, token, file) => {
  const body = new FormData();
  const { uid, code, name, words, size, digest } = file;
  const sent = { save_uid: uid, code, name, words, size, digest, rendered_for: state.lock.owner };
  for (const [key, value] of Object.entries(sent)) body.set(key, value);
  return post(addressOf("files", state.visit), token, body);
};

/** Send a file until it is stored, refused or interrupted; return the last outcome. */
const sendParts = async (state, token, file, content, tell) => {
  let outcome = await begin(state, token, file);
  let address = "";
  let length = 0;
  let isNew = true;
  while (outcome.data && !outcome.data.file && !outcome.data.problem && !file.isRemoved) {
    address = outcome.data.address ?? address;
    length = outcome.data.part ?? length;
    const { offset } = outcome.data;
    tell(file, Math.floor((100 * offset) / file.size));
    const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) };
    outcome = await post(address, token, content.slice(offset, offset + length), headers);
    if (outcome.status === 404 && isNew) {
      isNew = false; // the upload expired: begin once more
      outcome = await begin(state, token, file);
    }
  }
  return outcome;
};

const sendFile = async (state, token, file, tell) => {
  const content = await contentOf(state, file);
  if (!content) {
    await noteProblem(state, file, "fileLost", true);
    return { kind: "done" };
  }
  await noteBegun(state, file);
  const outcome = await sendParts(state, token, file, content, tell);
  if (outcome.data?.file) await noteSent(state, file, outcome.data.file);
  else if (outcome.data?.code === "removed") await discardFile(state, file);
  else if (outcome.data?.problem) {
    const { code, problem } = outcome.data;
    await noteProblem(state, file, code === "not_recording" ? "fileLate" : problem, !TRIED_AGAIN.includes(code));
  } else if (!outcome.data) return outcome;
  return { kind: "done" };
};

/** Send the files that are due; `tell` is called with the progress of each. */
export const sendFiles = async (state, token, tell) => {
  for (const file of [...state.files.values()]) {
    if (!file.isUnsent || file.isRemoved || file.isHeld) continue;
    const outcome = await sendFile(state, token, file, tell);
    if (outcome.kind !== "done") return outcome;
  }
  return { kind: "done" };
};
