// The PIN of a device: which ones are refused, how wrong ones are slowed down, and how it is changed.
import { keyFromPin, newSettings, seal, unseal } from "./lock.js";
import { putLock } from "./store.js";
import { fill, words } from "./view.js";

const SHORTEST = 6;
const FREE = 5; // wrong PINs without a wait
const FIRST_WAIT = 30000; // ms, doubled with each further one
const LONGEST_WAIT = 3600000;
const CHECK = "opened";

// The PINs and passwords that people choose most often and that no other rule refuses, by published counts of leaks.
const COMMONEST = new Set(
  `112233 121314 123abc 131313 142536 147258 147852 159357 159753 159951 192837 202020 212121 232323 246810 252525 258456
  258963 369258 420420 456852 520520 555666 654123 696969 741852 741963 753159 753951 789456 852456 911911 963852 987456
  1qaz2wsx 1q2w3e 1q2w3e4r a123456 abc123 access admin admin1 azerty bailey baseball batman charlie chocolate computer
  cookie daniel donald dragon flower football freedom ginger google hannah hello1 hockey hunter iloveyou internet jordan
  killer letmein login1 london maggie master matrix merlin michael monkey mustang ninja1 nicole pass123 passw0rd password
  password1 pepper princess qazwsx qwerty qwerty1 qwerty123 qwertz ranger secret shadow soccer starwars summer sunshine
  superman test123 thomas tigger trustno1 welcome welcome1 whatever winter zaq12wsx 116000 116116 hotline`.split(/\s+/),
);

/** Return whether each character follows the one before it: up, down, or the same. */
const isSequence = (pin) => {
  const steps = [...pin].slice(1).map((letter, place) => letter.charCodeAt(0) - pin.charCodeAt(place));
  return Math.abs(steps[0]) <= 1 && steps.every((step) => step === steps[0]);
};

const isRepeated = (pin) => /^(.{1,4})\1+$/.test(pin) || /^(\d)\1+(\d)\2+$/.test(pin);
const isDate = (pin) =>
  /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(\d\d|(19|20)\d\d)$|^(19|20)?\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(
    pin,
  );

/** Return the message for a new PIN that is too short or among those that are guessed first, or an empty text. */
export const findWeakness = (pin) => {
  const written = pin.toLowerCase();
  if (pin.length < SHORTEST) return words.shortPin;
  const mirrored = [...written].reverse().join("");
  const isFirst = isSequence(written) || isRepeated(written) || isDate(written) || mirrored === written;
  return isFirst || COMMONEST.has(written) || COMMONEST.has(mirrored) ? words.commonPin : "";
};

const waitOf = ({ failures = 0 }) =>
  failures < FREE ? 0 : Math.min(FIRST_WAIT * 2 ** (failures - FREE), LONGEST_WAIT);

/** Return {key} if the PIN opens the lock, else {problem}. Wrong ones are counted on the device and slowed down. */
export const tryPin = async (lock, pin) => {
  const left = Math.ceil(((lock.until ?? 0) - Date.now()) / 1000);
  if (left > 0 && left * 1000 <= LONGEST_WAIT) return { problem: fill(words.waitPin, { seconds: left }) };
  const key = await keyFromPin(pin, lock);
  try {
    await unseal(key, lock.check);
  } catch {
    lock.failures = (lock.failures ?? 0) + 1;
    lock.until = Date.now() + waitOf(lock);
    await putLock(lock).catch(() => {});
    return { problem: words.wrongPin };
  }
  if (lock.failures) await putLock(Object.assign(lock, { failures: 0, until: 0 })).catch(() => {});
  return { key };
};

/** Return the lock and the key of a device with a PIN, or with a `key` that the browser stores. */
export const makeLock = async (given, pin, key) => {
  const settings = newSettings();
  const used = pin ? await keyFromPin(pin, settings) : key;
  return {
    key: used,
    lock: { ...given, ...settings, key: pin ? null : used, check: await seal(used, CHECK), failures: 0, until: 0 },
  };
};

/** Let the user change the PIN of the open device; `current` returns the state, `changed` is called afterwards. */
export const listenToPin = (form, current, say, changed) => {
  const field = (name) => form.elements.namedItem(name);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const state = current();
    const [before, after] = [field("before").value, field("after").value];
    const tried = state.lock.key ? {} : await tryPin(state.lock, before);
    const weakness = findWeakness(after);
    say("before-pin-error", tried.problem ?? "");
    say("after-pin-error", weakness);
    if (tried.problem || weakness) {
      field(tried.problem ? "before" : "after").focus();
      return;
    }
    const made = await makeLock(state.lock, after);
    const isChanged = await state.changeLock(made.lock, made.key);
    form.reset();
    say("pin-changed", isChanged ? words.pinChanged : words.full);
    changed();
  });
};
