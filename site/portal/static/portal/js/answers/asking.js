// Before a form submits the texts, and before signing out: sends the unsent texts, and asks for confirmation if some
// remain.
import { forgetPages } from "./kept_pages.js";
import { all, frame, isSharedWith, recorded } from "./store.js";
import { forget, sendAll } from "./waiting.js";

const partOf = (address) => /\/(?:evaluations|rounds)\/[0-9a-f-]{36}\//.exec(address)?.[0] ?? "";
const belonging = (form) =>
  form.matches("[data-sign-out]") ? all() : all().filter((entry) => partOf(entry.action) === partOf(form.action));

const ask = (dialog, entries) =>
  new Promise((resolve) => {
    dialog.querySelector("[data-count]").textContent = entries.length;
    dialog.querySelector("[data-list]").replaceChildren(
      ...entries.map((entry) => {
        const item = document.createElement("li");
        item.textContent = entry.title;
        return item;
      }),
    );
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "go"), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });

/** Remove the unsent texts of this user. If those of others or recordings remain, the server must not clear them. */
const leave = (form) => {
  forget();
  forgetPages();
  if (!isSharedWith() && recorded().length === 0) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "others_wait", value: "yes" });
  form.append(field);
};

const goOn = (form, submitter) => {
  form.dataset.isAsked = "yes";
  form.requestSubmit(submitter);
};

addEventListener("submit", async (event) => {
  const form = event.target;
  const isSignOut = form.matches("[data-sign-out]");
  const handsOn = form.matches("[data-hands-on]") || event.submitter?.matches("[data-hands-on]");
  if (event.defaultPrevented || !(isSignOut || handsOn)) return;
  if (form.dataset.isAsked) {
    if (isSignOut) leave(form);
    return;
  }
  if (belonging(form).length === 0) {
    if (isSignOut) leave(form);
    return;
  }
  event.preventDefault();
  await sendAll();
  const left = belonging(form);
  const dialog = frame.querySelector(isSignOut ? "[data-ask=sign-out]" : "[data-ask=hand-on]");
  if (left.length === 0 || (await ask(dialog, left))) goOn(form, event.submitter);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.closest("li, section").querySelector("[data-words], [data-mine-words]").textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = button.dataset.done;
  } catch {
    /* the user can still select the text */
  }
});
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
