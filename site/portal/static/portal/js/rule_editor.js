// The decision rule in the CMS: shows for each condition the fields of its test, lists of codes, and its sentence.
// Without script every field is shown, and codes are typed.
(() => {
  "use strict";
  const DELAY = 700; // milliseconds after the last change
  const NEEDED = ["level", "reached"]; // empty means not chosen yet; in other fields, all

  const start = () => {
    const panel = document.querySelector("[data-rule]");
    const form = panel?.closest("form");
    if (!form) return;
    const known = JSON.parse(document.getElementById("rule-choices").textContent);

    const rowsOf = (relation) => [...form.querySelectorAll(`[name^="${relation}-"][name$="-code"]`)];
    /** Return the classes or outcomes in the form as pairs of code and name; without a name, the code stands for it. */
    const named = (relation) =>
      rowsOf(relation)
        .filter((code) => code.value && form.elements[code.name.replace(/code$/, "DELETE")]?.value !== "on")
        .map((code) => [code.value, form.elements[code.name.replace(/code$/, "name")]?.value || code.value]);
    /** Return the choices with their codes before their names, for parts and levels. */
    const withCodes = (choices) => choices.map(([code, name]) => [code, name ? `${code} ${name}` : code]);
    const choicesOf = {
      obligation: () => named("obligations"),
      group: () => withCodes(named("groups")),
      reached: () => named("outcomes"),
      domain: () => withCodes(known.domain),
      standard: () => withCodes(known.standard),
      level: () => withCodes(known.level),
    };

    const wrapperOf = (field) => field.closest(".w-panel__wrapper") ?? field.parentElement;
    const hasError = (field) => wrapperOf(field).querySelector(".error-message, [aria-invalid=true]") !== null;
    const isFilled = (field) => (field.type === "checkbox" ? field.checked : field.value.trim() !== "");

    const optionOf = ([code, name]) => {
      const option = new Option(name, code);
      option.lang = known.language;
      return option;
    };
    const fill = (select, choices, value, first) => {
      const options = choices.map(optionOf);
      if (value && !choices.some(([code]) => code === value)) options.push(new Option(value, value));
      select.replaceChildren(new Option(first, ""), ...options);
      select.value = value;
    };

    const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

    /** Show a list of choices in place of a typed code. The hidden field keeps the value. */
    const offer = (field, name) => {
      const select = document.createElement("select");
      select.id = `${field.id}-choice`;
      select.disabled = field.disabled;
      select.setAttribute("aria-describedby", field.getAttribute("aria-describedby") ?? "");
      const none = NEEDED.includes(name) ? panel.dataset.choose : panel.dataset.all;
      const refill = () => fill(select, choicesOf[name](), field.value, none);
      select.addEventListener("focus", refill);
      select.addEventListener("change", () => {
        field.value = select.value;
        changed(field);
      });
      refill();
      field.hidden = true;
      for (const label of field.labels) label.htmlFor = select.id;
      field.after(select);
    };

    /** Show a list next to typed codes, and a button that adds the chosen one. */
    const offerCodes = (field, choices, label) => {
      const select = document.createElement("select");
      select.id = `${field.id}-choice`;
      select.setAttribute("aria-label", label);
      fill(select, withCodes(choices), "", panel.dataset.choose);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-secondary";
      button.textContent = panel.dataset.add;
      select.disabled = button.disabled = field.disabled;
      button.addEventListener("click", () => {
        const codes = field.value
          .split(",")
          .map((code) => code.trim())
          .filter(Boolean);
        if (!select.value || codes.includes(select.value)) return;
        field.value = [...codes, select.value].join(", ");
        changed(field);
      });
      field.after(select, button);
    };

    const prepare = (test) => {
      if (test.dataset.ruleRow) return;
      const prefix = test.name.slice(0, -"test".length);
      test.dataset.ruleRow = prefix.slice(0, -1);
      for (const name of Object.keys(choicesOf)) {
        const field = form.elements[prefix + name];
        if (field) offer(field, name);
      }
      const codes = form.elements[`${prefix}codes`];
      if (codes) offerCodes(codes, known.codes, panel.dataset.addIndicator);
      const sentence = document.createElement("p");
      sentence.className = "rule-sentence";
      sentence.id = `${test.id}-sentence`;
      test.setAttribute("aria-describedby", `${test.getAttribute("aria-describedby") ?? ""} ${sentence.id}`.trim());
      wrapperOf(test).after(sentence);
    };

    /** Offer the domains of the Guide in each group. */
    const prepareGroups = () => {
      for (const field of form.querySelectorAll("[name^='groups-'][name$='-domains']")) {
        if (field.dataset.offersDomains) continue;
        field.dataset.offersDomains = "true";
        offerCodes(field, known.domain, panel.dataset.addDomain);
      }
    };

    const tests = () => [...form.querySelectorAll("select[name$='-test']")];
    const groupOf = (test) => test.dataset.ruleRow.replace(/-\d+$/, "");
    /** Whether the outcome has another condition of the kind "some of these", which could contain this one. */
    const mayBeInside = (test) =>
      tests().some((other) => other !== test && other.value === "any" && groupOf(other) === groupOf(test));

    const show = (test) => {
      const prefix = `${test.dataset.ruleRow}-`;
      const own = (known.fields[test.value] ?? []).filter((name) => name !== "is_alternative" || mayBeInside(test));
      for (const field of form.querySelectorAll(`[name^="${prefix}"]`)) {
        const name = field.name.slice(prefix.length);
        if (["test", "id", "ORDER", "DELETE"].includes(name) || name.includes("-")) continue;
        wrapperOf(field).hidden = !(own.includes(name) || isFilled(field) || hasError(field));
      }
      const isInside = form.elements[`${prefix}is_alternative`]?.checked ?? false;
      test.closest("[data-inline-panel-child]")?.classList.toggle("rule-alternative", isInside);
    };

    let asked = 0;
    let timer = null;
    const describe = async () => {
      const number = ++asked;
      try {
        const response = await fetch(panel.dataset.rule, { method: "POST", body: new FormData(form) });
        if (number !== asked) return;
        if (!response.ok) throw new Error(response.status);
        const { sentences, effect } = await response.json();
        for (const test of tests()) {
          document.getElementById(`${test.id}-sentence`).textContent = sentences[test.dataset.ruleRow] ?? "";
        }
        panel.querySelector("[data-effect]").innerHTML = effect;
      } catch {
        if (number === asked) panel.querySelector("[data-effect]").textContent = panel.dataset.failed;
      }
    };
    const refresh = () => {
      prepareGroups();
      tests().forEach(prepare);
      tests().forEach(show);
      clearTimeout(timer);
      timer = setTimeout(describe, DELAY);
    };

    form.addEventListener("change", refresh);
    form.addEventListener("input", refresh);
    // An added row has fields of its own.
    const hasChoices = (node) => node.querySelector?.("select[name$='-test'], [name^='groups-'][name$='-domains']");
    new MutationObserver((records) => {
      if (records.some(({ addedNodes }) => [...addedNodes].some(hasChoices))) {
        refresh();
      }
    }).observe(form, { childList: true, subtree: true });
    refresh();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
