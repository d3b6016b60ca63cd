// Shows unsent texts on every page, with links to their places, and sends those of the user from any page.
import { adopt, blocks } from "./block.js";
import { answered, later, tryNow, whenDue } from "./retry.js";
import { askSession, send, settle } from "./sender.js";
import { all, clear, find, frame, ifLeft, isKeeping, owner, recorded, remove, watch } from "./store.js";

const SETTLES_WITHIN = 5000; // ms that a normal save takes at most
const notice = frame.querySelector("[data-waiting]");
const isStuck = (entry) => ["problem", "refused"].includes(entry.waiting); // until the user changes the text
const isOnPage = (entry) => blocks.some((block) => block.entry && block.draft === entry.draft);

/** Return the entries to report: those that could not be sent, and those that are older than a normal save. */
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

/** Send every unsent text, of this page and of pages that were left. */
export const sendAll = async () => {
  for (const block of blocks) if (block.entry && !isStuck(block.entry)) await block.flush();
  for (const entry of all()) {
    if (isOnPage(entry) || isStuck(entry)) continue;
    if (!(await adopt(entry))) await sendLeft(entry);
  }
  draw();
};

/** Remove everything of this user from the browser, when signing out. */
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
  if (all().some((entry) => entry.isStored === false)) event.preventDefault(); // only this page has it
});
watch(draw);
whenDue(sendAll);
sendAll();
setTimeout(sendAll, SETTLES_WITHIN); // a page that was just left may still have held its entries
