// The unsent texts of this browser, on every page: sends them from any page of their user, and lists them with their
// places.
import { adopt, blocks } from "./block.js";
import { answered, later, tryNow, whenDue } from "./retry.js";
import { askSession, send, settle } from "./sender.js";
import {
  all,
  clear,
  find,
  frame,
  ifLeft,
  isKeeping,
  isOnlyHere,
  owner,
  recorded,
  remove,
  restored,
  watch,
} from "./store.js";

const SETTLES_WITHIN = 5000; // ms in which a save usually ends
const notice = frame.querySelector("[data-waiting]");
const isStuck = (entry) => ["problem", "refused"].includes(entry.waiting); // until the user changes it
const isOnPage = (entry) => blocks.some((block) => block.entry && block.draft === entry.draft);

/** Return the entries to list: those that could not be sent, and those that wait longer than a save takes. */
export const waiting = () => all().filter((entry) => entry.waiting || Date.now() - entry.at > SETTLES_WITHIN);

const row = (entry) => {
  const item = frame.querySelector("template[data-waiting-row]").content.firstElementChild.cloneNode(true);
  const link = document.createElement("a");
  link.href = entry.page;
  link.textContent = entry.title;
  item.querySelector("[data-where]").append(link);
  item.querySelector("[data-problem-text]").textContent = entry.problem;
  item.querySelector("[data-words]").textContent = entry.fields.find(([name]) => name === "words")?.[1] ?? "";
  item.dataset.draft = entry.draft;
  for (const one of item.querySelectorAll("[data-refused]")) one.hidden = !isStuck(entry);
  return item;
};

/** Show what the recording view has not sent, with a link to it. */
const drawRecorded = () => {
  const found = recorded(owner);
  const place = frame.querySelector("[data-recorded]");
  place.hidden = found.length === 0;
  place.querySelector("[data-count]").textContent = found.reduce((sum, { count }) => sum + count, 0);
  if (found.length) place.querySelector("a").href = found[0].address;
};

const draw = () => {
  drawRecorded();
  const entries = waiting();
  if (entries.some((entry) => entry.isStored === null)) return; // drawn once they are on the disk
  const isKept = entries.every((entry) => entry.isStored);
  frame.querySelector("[data-keeps-nothing]").hidden = isKeeping();
  notice.hidden = entries.length === 0;
  notice.querySelector("[data-kept]").hidden = !isKept;
  notice.querySelector("[data-only-here]").hidden = isKept;
  notice.querySelector("[data-count]").textContent = entries.length;
  notice.querySelector("ul").replaceChildren(...entries.map(row));
};

const sendLeft = (entry) =>
  ifLeft(entry, async () => {
    for (let latest = find(entry.draft); latest && !isStuck(latest); latest = find(entry.draft)) {
      const outcome = await send(latest);
      settle(latest, outcome);
      if (outcome.kind === "conflict" || outcome.kind === "closed")
        frame.querySelector("[data-unresolved-here]").hidden = false;
      if (!["saved", "conflict", "closed"].includes(outcome.kind)) {
        if (!isStuck(latest)) later(outcome);
        return;
      }
      answered();
    }
  });

/** Send everything that waits, from this page or from pages that were left. */
export const sendAll = async () => {
  await restored;
  for (const block of blocks) if (block.entry && !isStuck(block.entry)) await block.flush();
  for (const entry of all()) {
    if (isOnPage(entry) || isStuck(entry)) continue;
    if (!(await adopt(entry))) await sendLeft(entry);
  }
  draw();
};

/** Remove everything of this user from the browser, at sign-out. */
export const forget = () => {
  for (const block of blocks) block.entry = null;
  clear();
};

notice.addEventListener("click", (event) => {
  const { draft } = event.target.closest("li")?.dataset ?? {};
  if (event.target.matches("[data-send-now]")) askSession().then(sendAll).then(tryNow);
  if (event.target.matches("[data-throw-away]") && draft) {
    for (const block of blocks) if (block.draft === draft) block.entry = null;
    remove(draft);
  }
});

addEventListener("pagehide", () => {
  for (const block of blocks) block.leave();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const block of blocks) if (block.entry && !block.entry.waiting) block.flush();
});
addEventListener("beforeunload", (event) => {
  if (isOnlyHere()) event.preventDefault();
});
watch(draw);
whenDue(sendAll);
sendAll();
setTimeout(sendAll, SETTLES_WITHIN); // a page that was just left may have locked its drafts until now
