// The editor of an indicator in the CMS: shows the groups of fields of its measure, and describes the fields while they
// are edited. Without script all groups are shown, with the descriptions of the saved fields.
(() => {
  "use strict";
  const DELAY = 400; // milliseconds after the last change

  /** Describe the fields of a panel again whenever one of them, or a list in place of one, changes. */
  const describe = (panel) => {
    const form = panel.closest("form");
    const names = panel.dataset.fields.split(" ");
    const isOf = (field) => names.some((name) => field === name || field.startsWith(`${name}-`));
    let asked = 0;
    let timer = null;
    const ask = async () => {
      const number = ++asked;
      const body = new FormData();
      for (const [name, value] of new FormData(form)) {
        if (name === "csrfmiddlewaretoken" || isOf(name)) body.append(name, value);
      }
      try {
        const response = await fetch(panel.dataset.described, { method: "POST", body });
        if (!response.ok) throw new Error(response.status);
        const shown = await response.text();
        if (number === asked) panel.innerHTML = shown;
      } catch {
        if (number === asked) panel.textContent = panel.dataset.failed;
      }
    };
    form.addEventListener("input", ({ target }) => {
      if (!isOf(target.name)) return;
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY);
    });
  };

  const start = () => {
    const measure = document.querySelector("select[name=measure]");
    if (!measure) return;
    const isOf = (group) => group.dataset.ofMeasure === measure.value;
    const isFilled = (group) =>
      [...group.querySelectorAll("input, select, textarea")].some((field) => field.value.trim() !== "");
    const hasError = (group) => group.querySelector("[aria-invalid=true]") !== null;
    // Groups that another measure may have too: while such a group is empty, a button is shown in its place.
    const offers = new Map();

    const set = (group, isShown) => {
      group.hidden = !isShown;
      // Wagtail's list of sections next to the form contains those with this attribute.
      group.querySelector(".w-panel__anchor--prefix").toggleAttribute("data-panel-anchor", isShown);
      const offer = offers.get(group);
      if (offer) offer.hidden = isShown || measure.value === "";
    };
    const show = () => {
      for (const group of document.querySelectorAll("[data-of-measure]")) {
        set(group, isOf(group) || hasError(group) || (offers.has(group) && isFilled(group)));
      }
    };

    for (const group of document.querySelectorAll("[data-offer]")) {
      const offer = document.createElement("button");
      offer.type = "button";
      offer.className = "button button-secondary";
      offer.textContent = group.dataset.offer;
      offer.disabled = measure.matches(":disabled");
      offer.addEventListener("click", () => {
        set(group, true);
        group.querySelector("input, select, textarea").focus();
      });
      group.before(offer);
      offers.set(group, offer);
    }
    measure.addEventListener("change", show);
    show();
    for (const panel of document.querySelectorAll("[data-described]")) describe(panel);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
