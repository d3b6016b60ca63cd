// The sums of an export while its columns are matched. The server computes them from the form, as a dry run; here they are
// only requested and shown. Without script, the button posts the form, and the page returns with its sums.
(() => {
  "use strict";
  const DELAY = 400; // ms after the last choice
  const SLOW = 4000; // ms until the page says that it takes long
  const PATIENCE = 30000; // ms until it says that it failed

  const block = document.querySelector("[data-sums]");
  const form = block?.closest("form");
  if (!form) return;
  const shown = block.querySelector("[data-shown]");
  const state = block.querySelector("[data-state]");
  const button = block.querySelector("[data-compute]");
  let asking = null;
  let timer = null;

  const say = (name) => {
    state.textContent = name ? state.dataset[name] : "";
    shown.classList.toggle("outdated", name !== "" && name !== "done");
    shown.setAttribute("aria-busy", String(name === "computing" || name === "slow"));
  };

  const ask = async () => {
    clearTimeout(timer);
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    say("computing");
    const slow = setTimeout(() => say("slow"), SLOW);
    try {
      const signal = AbortSignal.any([mine.signal, AbortSignal.timeout(PATIENCE)]);
      const answer = await fetch(block.dataset.sums, { method: "POST", body: new FormData(form), signal });
      if (answer.redirected || answer.status === 409) throw new Error("gone");
      if (!answer.ok) throw new Error("failed");
      const text = await answer.text();
      if (mine !== asking) return;
      shown.innerHTML = text;
      say("done");
    } catch (error) {
      if (mine === asking) say(error.message === "gone" ? "gone" : "failed");
    } finally {
      clearTimeout(slow);
    }
  };

  form.addEventListener("change", () => {
    clearTimeout(timer);
    asking?.abort();
    asking = null;
    say("computing");
    timer = setTimeout(ask, DELAY);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    ask();
  });
})();
