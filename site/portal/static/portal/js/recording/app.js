// The recording view: opens the data on the device, stores every change at once, and sends it when there is a network.
import { drawFiles, listen, showSending } from "./attaching.js";
import { takeFiles } from "./files.js";
import { newKey, newUid } from "./lock.js";
import { addressOf, askSession, fetchMaterial } from "./network.js";
import { findWeakness, listenToPin, makeLock, tryPin } from "./pin.js";
import { isSame } from "./records.js";
import { drawSheets, keepRow, listenToSheets, namesOfSheets, openSheet, showSent } from "./sheets.js";
import { forgetCount, State } from "./state.js";
import { locksOf, putLock, removeAll } from "./store.js";
import { keepMine, sendAll, takeOther } from "./sync.js";
import { merge, mergeFiles, read, write } from "./transfer.js";
import * as view from "./view.js";

const WAIT = 300; // ms after the first new key until the text is stored
const SOON = 3000; // ms after a text is stored until it is sent
const AGAIN = 20000; // ms between attempts to send
const BRIEF = 1500; // ms until the data on this device are opened without knowing who is signed in
const { byId, words, fill, say } = view;
const visit = /\/recording\/([0-9a-f-]{36})\//.exec(location.pathname)?.[1] ?? "";
const start = {
  recorder: byId("recorder"),
  thumbs: byId("thumbs"),
  choose: byId("choose-pin"),
  enter: byId("enter-pin"),
};
let state = null;
let code = "";
let seen = null; // the values that the form was drawn with or that were last stored: {version, taken, fields}
let codes = [];
let timer = 0;
let sendTimer = 0;
let kind = "";
let sending = null;
let took = ""; // the result of an import, until another indicator is shown

const fail = (text) => {
  byId("loading").hidden = true;
  say("failed", text);
};

/** Wait until a service worker is active; fails if it could not load all files. */
const becomeActive = ({ installing, waiting, active }) =>
  new Promise((resolve, reject) => {
    const worker = active ?? waiting ?? installing;
    const look = () => {
      if (worker.state === "activated") resolve(worker);
      else if (worker.state === "redundant") reject(new Error("The files of the view were not loaded."));
    };
    worker.addEventListener("statechange", look);
    look();
  });

/** Load the view for work without a network, and say when it is ready; a broken download is repeated. */
const installWorker = async () => {
  if (!navigator.serviceWorker) {
    view.drawReady("never");
    return;
  }
  const keep = performance.getEntriesByType("resource").map(({ name }) => name);
  const { worker, pages, pagesWorker } = document.body.dataset;
  view.drawReady("loading");
  try {
    await navigator.serviceWorker.register(pagesWorker, { scope: pages });
    const active = await becomeActive(await navigator.serviceWorker.register(worker));
    active.postMessage({ keep: keep.filter((name) => /\.woff2$|\.svg$/.test(new URL(name).pathname)) });
    const isPersistent = await navigator.storage?.persist?.();
    view.drawReady(isPersistent === false ? "readyForNow" : "ready");
  } catch {
    view.drawReady("broken"); // offline, signed out, or an insecure context: changes are stored anyway
    setTimeout(installWorker, AGAIN);
  }
};

/**
 * Let the browser offer to install the view of this visit. The cached page is the same for every visit and has no
 * manifest.
 */
const linkManifest = () => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "manifest", crossOrigin: "use-credentials", href: addressOf("manifest", visit) });
  document.head.append(link);
};

// --- Editing ---------------------------------------------------------------------------------------------------------

const next = () => codes[codes.indexOf(code) + 1] ?? codes[0];

const drawAround = () => {
  view.drawUnsent(state, kind, took, (isSo) => namesOfSheets(state, isSo));
  view.drawChecklist(state, show);
  drawSheets(state);
  view.drawHeading(state, code, openSheet(state));
  view.drawStanding(state, code);
  view.drawFollowing(state, next());
  drawFiles(state, code);
};

const sendSoon = () => {
  if (!navigator.onLine) kind = "offline";
  drawAround();
  clearTimeout(sendTimer);
  if (navigator.onLine) sendTimer = setTimeout(send, SOON);
};

const look = () => {
  const { version, taken } = state.find(code);
  seen = { version, taken, fields: view.readForm() };
};

const draw = () => {
  view.drawIndicator(state, code);
  look();
};

/** Store the changed values of the indicator on the device. */
const keep = async () => {
  clearTimeout(timer);
  timer = 0;
  const fields = view.readForm();
  if (!seen || isSame(seen.fields, fields)) return;
  const item = state.edit(code, fields, seen);
  look();
  if (!item) return;
  const isKept = await state.keep([item]);
  const isShown = isSame(view.readForm(), fields); // else more is typed, which is not stored yet
  if (isShown) view.drawKept(isKept ? `${words.kept} ${view.clock()}` : words.full, isKept ? "off" : "bad");
  sendSoon();
};

const keepAll = async () => {
  await keepRow(state);
  await keep();
};

/** Store what is typed soon, however long the typing lasts; what was said of the text before is over. */
const keepSoon = () => {
  view.drawKept("", "");
  timer ||= setTimeout(keep, WAIT);
};

/** Show an indicator, after the changes of the previous one are stored. */
async function show(chosen, { focus = true } = {}) {
  await keep();
  code = chosen;
  took = "";
  draw();
  say("file-problem", "");
  byId("following").querySelector("[data-previous]").hidden = code === codes[0];
  start.thumbs.querySelector("[data-next]").textContent = fill(words.next, { code: next() });
  byId("checklist").open = false;
  drawAround();
  if (focus) byId("ask").focus();
}

// --- Sending ---------------------------------------------------------------------------------------------------------

const sendOnce = async () => {
  await keepAll();
  const outcome = await sendAll(state, (file, percent) => showSending(state, code, file, percent));
  showSending(state, code, null);
  kind = outcome.kind;
  if (kind === "done") {
    const fetched = await fetchMaterial(visit);
    if (fetched.kind === "done") {
      if (await state.take(fetched.data)) sendSoon();
      await takeFiles(state, fetched.data.files);
    }
    const item = state.find(code);
    const isUntouched = document.activeElement?.form !== byId("observation");
    if (!item.isUnsent && isUntouched) draw();
    if (!item.isUnsent && item.version) view.drawKept(`${words.saved} ${view.clock()}`, "ok");
    showSent(state);
  }
  drawAround();
};

const send = () => {
  sending ??= sendOnce().finally(() => {
    sending = null;
  });
  return sending;
};

// --- Opening ---------------------------------------------------------------------------------------------------------

const run = async () => {
  for (const form of [start.choose, start.enter]) form.hidden = true;
  byId("loading").hidden = true;
  codes = state.material.groups.flatMap((group) => group.codes);
  byId("device").querySelector("[data-visit]").href = addressOf("visit", visit);
  byId("standing").querySelector("[data-sign-in]").search = new URLSearchParams({ next: location.pathname });
  linkManifest();
  start.recorder.hidden = false;
  start.thumbs.hidden = false;
  await show(codes[0], { focus: false });
  await send();
  setInterval(() => {
    if (state.count) send();
  }, AGAIN);
};

/** Open the data of this user on the device with a key. */
const open = async (lock, key) => {
  state = new State(lock, key);
  await state.read();
  await run();
};

/** Set up a new device with a PIN, or with a key that the browser stores; fetch and store the data. */
const begin = async (pin) => {
  const fetched = await fetchMaterial(visit);
  if (fetched.kind !== "done") {
    fail(words.firstOnline);
    return;
  }
  const { person } = fetched.data;
  const given = { visit, owner: person.uid, device: newUid(), name: person.name };
  const { lock, key } = await makeLock(given, pin, pin ? null : await newKey());
  state = new State(lock, key);
  await state.take(fetched.data);
  await takeFiles(state, fetched.data.files);
  await putLock(lock).catch(() => {
    state.isFull = true;
  });
  await run();
};

const askNewPin = () => {
  byId("loading").hidden = true;
  start.choose.hidden = false;
  start.choose.onsubmit = (event) => {
    event.preventDefault();
    const pin = byId("new-pin").value;
    const weakness = findWeakness(pin);
    say("new-pin-error", weakness);
    if (weakness) byId("new-pin").focus();
    else begin(pin);
  };
  start.choose.querySelector("[data-without]").onclick = () => begin("");
};

const askPin = (locks) => {
  byId("loading").hidden = true;
  start.enter.hidden = false;
  const whose = byId("whose");
  whose.replaceChildren(...locks.map((lock, place) => new Option(lock.name, String(place))));
  start.enter.querySelector("[data-whose]").hidden = locks.length < 2;
  const chosen = () => locks[Number(whose.value)];
  start.enter.onsubmit = async (event) => {
    event.preventDefault();
    const lock = chosen();
    const { key, problem = "" } = lock.key ? lock : await tryPin(lock, byId("pin").value);
    say("pin-error", problem);
    if (problem) byId("pin").focus();
    else await open(lock, key);
  };
  start.enter.querySelector("[data-discard]").onclick = () => {
    const dialog = byId("confirm-discard");
    dialog.returnValue = "";
    dialog.onclose = async () => {
      if (dialog.returnValue !== "go") return;
      await removeAll(chosen());
      await forgetCount(chosen());
      location.reload();
    };
    dialog.showModal();
  };
};

/** Begin: unlock the data on this device; if there is none, set the device up for the signed-in user. */
const begun = async () => {
  installWorker();
  let locks;
  try {
    locks = await locksOf(visit);
  } catch {
    fail(words.noStorage);
    return;
  }
  const session = await askSession("", locks.length ? BRIEF : undefined);
  const own = session.kind === "mine" ? locks.filter((lock) => lock.owner === session.person) : locks;
  if (own.length === 1 && own[0].key) await open(own[0], own[0].key);
  else if (own.length) askPin(own);
  else if (session.kind === "mine") askNewPin();
  else fail(words.firstOnline);
};

// --- Events ----------------------------------------------------------------------------------------------------------

const decide = async (act) => {
  const item = state.find(code);
  act(item);
  await state.keepDecided(item);
  draw();
  drawAround();
  await send();
};

const exportFile = async () => {
  await keepAll();
  const name = `recording-${state.material.visit.hotline.replace(/\W+/g, "-")}.json`;
  view.offer(name, await write(state), "application/json");
};

const importFile = async (event) => {
  const [file] = event.target.files;
  const found = await read(state, await file.text());
  event.target.value = "";
  if (found.problem) {
    took = fill(words[found.problem], { hotline: found.hotline, name: found.name });
    drawAround();
    return;
  }
  const changed = merge(state, found.texts, found.rows);
  await state.keep(changed);
  const added = await mergeFiles(state, found.files);
  draw();
  took = fill(words.taken, { count: changed.length + added });
  sendSoon();
};

byId("observation").addEventListener("input", keepSoon);
byId("observation").addEventListener("change", keep);
byId("observation").addEventListener("submit", (event) => event.preventDefault());
byId("two-texts")
  .querySelector("[data-keep]")
  .addEventListener("click", () => decide(keepMine));
byId("two-texts")
  .querySelector("[data-take]")
  .addEventListener("click", () => decide((item) => takeOther(state, item)));
byId("device").querySelector("[data-send]").addEventListener("click", send);
for (const button of document.querySelectorAll("[data-export]")) button.addEventListener("click", exportFile);
byId("device").querySelector("[data-import]").addEventListener("change", importFile);
byId("failed")
  .querySelector("[data-again]")
  .addEventListener("click", () => location.reload());
listen(() => ({ state, code }), sendSoon);
listenToSheets(() => state, drawAround, sendSoon);
listenToPin(byId("change-pin"), () => state, say, drawAround);
start.thumbs.querySelector("[data-note]").addEventListener("click", () => byId("words").focus());
start.thumbs.querySelector("[data-next]").addEventListener("click", () => show(next()));
byId("following")
  .querySelector("[data-start]")
  .addEventListener("click", () => show(next()));
byId("following")
  .querySelector("[data-previous]")
  .addEventListener("click", () => show(codes[codes.indexOf(code) - 1]));
byId("following")
  .querySelector("[data-list]")
  .addEventListener("click", () => {
    byId("checklist").open = true;
    byId("checklist").querySelector("summary").focus();
  });
addEventListener("online", () => state?.material && send());
addEventListener("focus", () => state?.material && send());
document.addEventListener("visibilitychange", () => {
  if (document.hidden && state?.material) keepAll();
});

// Only one page at a time: two would not see each other's changes.
navigator.locks.request(`recording:${visit}`, { ifAvailable: true }, async (lock) => {
  if (!lock) {
    fail(words.otherTab);
    return undefined;
  }
  await begun();
  return new Promise(() => {});
});
