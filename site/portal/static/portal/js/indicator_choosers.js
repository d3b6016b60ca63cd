// The lists of an indicator in the CMS: shows for each row the lists that fit its choice, and a button that adds a row.
// Without script all lists are shown with every level, and a saved draft has one more row.
(() => {
  "use strict";

  /** Offer the options of a list that fit; an option that is already chosen remains. */
  const offer = (select, isOffered) => {
    for (const option of select.options) {
      option.hidden = option.disabled = option.value !== "" && !option.selected && !isOffered(option.value);
    }
  };

  const showAsking = (row) => {
    const [subject, level, compare] = ["subject", "level", "compare"].map((name) =>
      row.querySelector(`[data-${name}]`),
    );
    const levels = subject.selectedOptions[0].dataset.levels?.split(" ");
    level.hidden = levels === undefined;
    compare.hidden = levels === undefined || ["yes", "no"].includes(levels[0]);
    if (levels) offer(level, (value) => levels.includes(value));
  };

  const prepareAsking = (group) => {
    const rows = () => [...group.querySelectorAll("[data-row]")];
    const isEmpty = (row) => row.querySelector("[data-subject]").value === "";
    const add = document.createElement("button");
    add.type = "button";
    add.className = "button button-small button-secondary";
    add.textContent = group.dataset.add;
    add.disabled = group.querySelector("select").matches(":disabled");
    add.addEventListener("click", () => {
      const hidden = rows().find((row) => row.hidden);
      const row = hidden ?? copyOf(rows().at(-1), rows().length);
      row.hidden = false;
      showAsking(row);
      row.querySelector("select").focus();
    });
    /** Return a new row without choices, inserted after the last one. */
    const copyOf = (last, number) => {
      const row = last.cloneNode(true);
      row.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+/, number + 1));
      for (const select of row.querySelectorAll("select")) {
        select.name = select.name.replace(/-\d+-/, `-${number}-`);
        if (select.id) select.id = select.id.replace(/(-\d+)?$/, `-${number}`);
        select.selectedIndex = 0;
      }
      last.after(row);
      return row;
    };
    rows().forEach((row, number) => {
      showAsking(row);
      row.hidden = number > 0 && isEmpty(row);
    });
    group.addEventListener("change", ({ target }) => {
      const row = target.closest("[data-row]");
      if (target.matches("[data-subject]")) row.querySelector("[data-level]").value = "";
      showAsking(row);
    });
    group.append(add);
  };

  const prepareSupports = (group) => {
    const form = group.closest("form");
    const [measure, notApplicable] = [form.elements.measure, form.elements.not_applicable];
    const show = () => {
      const hasAnswers = measure.value === "yes_no";
      for (const row of group.querySelectorAll("[data-row]")) {
        const isChosen = row.querySelector("select").value !== "";
        const isOffered =
          "notApplicable" in row.dataset ? notApplicable.checked : !hasAnswers || "answer" in row.dataset;
        row.hidden = !isOffered && !isChosen;
        const answer = row.querySelector("[data-answer-name]");
        if (answer) answer.hidden = !hasAnswers;
      }
    };
    for (const field of [measure, notApplicable]) field.addEventListener("change", show);
    show();
  };

  const start = () => {
    const asking = document.querySelector("[data-asking]");
    if (asking) prepareAsking(asking);
    const supports = document.querySelector("[data-supports]");
    if (supports) prepareSupports(supports);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
