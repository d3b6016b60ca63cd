// Keyboard shortcuts of the questionnaire, outside of text fields: J and K go to the next and the previous indicator, a
// digit chooses a level of the focused indicator, ? shows the help. They can be turned off. The choice is stored in a
// cookie, which stays after signing out.
import { choose } from "./levels.js";
import { unfold } from "./standing.js";

const help = document.querySelector("[data-keys]");
const control = help.querySelector("[data-keys-switch]");
const isOn = () => !/(?:^|; )keys=off/.test(document.cookie);
const isWriting = (target) =>
  target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])") !== null;

const folds = () => [...document.querySelectorAll("[data-fold]")];
const current = () => document.activeElement?.closest("[data-fold]");

/** Focus the heading of an indicator `by` steps away; after the last one, the link to the next page. */
const go = (by) => {
  const all = folds();
  const here = all.indexOf(current());
  const place = here < 0 && by < 0 ? -1 : here + by;
  const target = place >= all.length ? document.querySelector("[data-next]") : all[place]?.querySelector("summary");
  target?.focus({ preventScroll: true });
  target?.closest("article, a").scrollIntoView({ block: "nearest" });
};

const press = (event) => {
  const fold = current();
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "?") help.togglePopover?.();
  else if (/^[0-9]$/.test(event.key) && fold && !event.target.closest(".picker")) {
    unfold(fold);
    return choose(fold.querySelector(".picker"), event.key);
  } else return false;
  return true;
};

const show = () => {
  const state = isOn() ? "on" : "off";
  for (const text of control.querySelectorAll("[data-when-keys]")) text.hidden = text.dataset.whenKeys !== state;
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (!isOn() || isWriting(event.target)) return;
  if (press(event)) event.preventDefault();
});

control.addEventListener("click", () => {
  const age = isOn() ? 31536000 : 0;
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is not in every browser, and needs HTTPS
  document.cookie = `keys=off; path=/; max-age=${age}; samesite=lax`;
  show();
});

if ("popover" in HTMLElement.prototype) {
  for (const place of document.querySelectorAll("[data-with-keys]")) place.hidden = false;
}
show();
