// What was recorded as a file, and back: for a device that gets no network any more, or is to be replaced.
import { digest } from "./lock.js";
import { isSame } from "./state.js";

const KIND = "116000 recording 1";
const canonical = (texts) => JSON.stringify(texts.map(({ code, version, fields }) => [code, version, fields]));

/** Everything that was recorded on this device, as the text of a file. */
export const write = async (state) => {
  const texts = [...state.items.values()]
    .filter((item) => item.edit > 0 || item.version > 0)
    .map(({ code, version, fields }) => ({ code, version, fields }));
  const { visit, person } = state.material;
  return JSON.stringify({ kind: KIND, visit, person, texts, sha256: await digest(canonical(texts)) }, null, 1);
};

/** Why a file cannot be taken over, as {problem, ...}, or {texts}. */
export const read = async (state, text) => {
  let data;
  try {
    data = JSON.parse(text);
    if (data.kind !== KIND || !Array.isArray(data.texts)) return { problem: "notAFile" };
    if (data.visit.uid !== state.visit) return { problem: "otherVisit", hotline: data.visit.hotline };
    if (data.person.uid !== state.lock.owner) return { problem: "otherPerson", name: data.person.name };
    if (data.sha256 !== (await digest(canonical(data.texts)))) return { problem: "changedFile" };
  } catch {
    return { problem: "notAFile" };
  }
  return { texts: data.texts.filter(({ code }) => code in state.material.indicators) };
};

/** Take over texts: where both have one, the person decides. The texts that changed. */
export const merge = (state, texts) => {
  const changed = [];
  for (const { code, version, fields } of texts) {
    const item = state.find(code);
    if (isSame(item.fields, fields)) continue;
    if (item.edit === 0 && version >= item.version)
      Object.assign(item, { version, fields, edit: item.edit + 1, isUnsent: true });
    else item.other = { version: 0, fields };
    changed.push(item);
  }
  return changed;
};
