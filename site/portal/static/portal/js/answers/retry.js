// Schedules retries: after the time that the server asks for, else after growing intervals, and at once when the
// connection or the session is restored.
import { askSession } from "./sender.js";

const FIRST = 5000;
const LONGEST = 60000;
const SESSION_EVERY = 5000;
const acts = new Set();
let wait = FIRST;
let timer = 0;
let isSignedOut = false;

const go = () => {
  clearTimeout(timer);
  timer = 0;
  for (const act of [...acts]) act();
};

const lookForSession = async () => {
  clearTimeout(timer);
  timer = 0;
  if ((await askSession()) === "mine") {
    isSignedOut = false;
    go();
  } else later({ kind: "signedOut" });
};

/** Call `act` at each retry. */
export const whenDue = (act) => acts.add(act);

/** Schedule a retry after something could not be sent. */
export const later = ({ kind, seconds = 0 }) => {
  if (kind === "signedOut" || kind === "another") isSignedOut = true;
  if (timer) return;
  if (isSignedOut) {
    timer = setTimeout(lookForSession, SESSION_EVERY);
    return;
  }
  timer = setTimeout(go, seconds ? seconds * 1000 : wait);
  wait = Math.min(wait * 2, LONGEST);
};

/** Reset the intervals: the server has responded. */
export const answered = () => {
  wait = FIRST;
  isSignedOut = false;
};

const atOnce = () => {
  if (isSignedOut) lookForSession();
  else if (timer) go();
};
export const tryNow = atOnce;
addEventListener("online", atOnce);
addEventListener("focus", atOnce);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) atOnce();
});
