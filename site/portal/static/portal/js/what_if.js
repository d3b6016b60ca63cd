// What if: requests the result of the form whenever a level is chosen. The server computes it; only the changes are
// sent.
(() => {
  "use strict";
  const form = document.querySelector("[data-what-if]");
  const result = document.querySelector("[data-what-if-result]");
  if (!form || !result) return;
  form.classList.add("by-script");
  const PATIENCE = 20000; // ms until the whole page is asked for instead
  let asking = null;

  const isAsItIs = (input) => input.closest("[data-try]")?.dataset.asItIs === input.value;

  const address = () => {
    const query = new URLSearchParams();
    for (const input of form.querySelectorAll("[data-try] input:checked")) query.append(input.name, input.value);
    for (const name of ["aim", "show"]) {
      const value = new FormData(form).get(name);
      if (value) query.append(name, value);
    }
    return `${form.getAttribute("action")}?${query}`;
  };

  const ask = async () => {
    const url = address();
    asking?.abort();
    asking = new AbortController();
    const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const answer = await fetch(url, { headers: { "X-Part": "result" }, signal });
      if (answer.redirected || ![200, 422].includes(answer.status)) throw new Error("no result");
      result.innerHTML = await answer.text();
      history.replaceState(null, "", url);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  };

  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-try]");
    if (!row) {
      location.assign(address());
      return;
    }
    if (isAsItIs(event.target)) event.target.checked = false;
    row.classList.toggle("changed", Boolean(row.querySelector("input:checked")));
    ask();
  });
})();
