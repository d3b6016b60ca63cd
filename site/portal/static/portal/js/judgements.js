/* Saves each answer and finding by itself. Without this file the forms post as they are. */
(() => {
  "use strict";
  const WAIT = 900; // ms after the last key
  const RETRY = 5000;
  const words = document.getElementById("save-words").dataset;

  const show = (form, kind, text) => {
    const place = form.querySelector("[data-saved]");
    place.className = `saved ${kind}`;
    place.querySelector("[data-saved-text]").textContent = text;
    for (const icon of place.querySelectorAll("[data-when]")) icon.hidden = icon.dataset.when !== (kind || "busy");
  };
  const now = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  const key = (form) => `kept:${form.dataset.owner}:${form.action}`;
  const typed = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "version", "save_uid"].includes(name)));

  const keepHere = (form) => {
    try { localStorage.setItem(key(form), JSON.stringify({ typed: typed(form), version: form.elements.version.value })); } catch { /* a full or forbidden store: the page itself still holds the words */ }
  };
  const forgetHere = (form) => { try { localStorage.removeItem(key(form)); } catch { /* nothing was kept */ } };

  const problem = (form, text) => {
    const place = form.querySelector("[data-problem]");
    place.hidden = !text;
    place.querySelector("[data-problem-text]").textContent = text || "";
    form.querySelector("fieldset, .field")?.classList.toggle("wrong", Boolean(text));
  };

  const settle = async (form, response) => {
    const isJson = response.headers.get("Content-Type")?.includes("json");
    if (response.status === 409 && isJson) {
      const data = await response.json();
      const place = form.querySelector("[data-conflict]");
      place.innerHTML = data.conflict;
      place.hidden = false;
      place.querySelector("[data-keep-mine]").addEventListener("click", () => {
        form.elements.version.value = data.version;
        place.hidden = true;
        save(form);
      });
      place.querySelector("[data-take-theirs]").addEventListener("click", () => { forgetHere(form); location.reload(); });
      place.querySelector("h3, p")?.focus?.();
      show(form, "bad", words.clash);
      return;
    }
    if (!isJson) { // signed out, or the server is not well
      keepHere(form);
      show(form, "bad", response.redirected || response.status === 403 ? words.signedOut : words.failed);
      if (!response.redirected && response.status !== 403) retryLater(form);
      return;
    }
    const data = await response.json();
    if (!response.ok) {
      problem(form, data.problem);
      keepHere(form);
      show(form, "bad", words.failed);
      return;
    }
    problem(form, "");
    form.elements.version.value = data.version;
    forgetHere(form);
    show(form, "ok", data.saved);
    form.querySelector("[data-carried]")?.setAttribute("hidden", "");
    if (form.dataset.again) { delete form.dataset.again; save(form); }
  };

  const retryLater = (form) => { clearTimeout(form.retry); form.retry = setTimeout(() => save(form), RETRY); };

  const save = async (form) => {
    clearTimeout(form.timer);
    if (form.dataset.busy) { form.dataset.again = "yes"; return; }
    form.dataset.busy = "yes";
    form.sent = typed(form);
    form.elements.save_uid.value = form.unconfirmed === form.sent ? form.elements.save_uid.value : crypto.randomUUID();
    form.unconfirmed = form.sent;
    show(form, "", words.saving);
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin",
      });
      delete form.dataset.busy;
      form.unconfirmed = null;
      await settle(form, response);
    } catch {
      delete form.dataset.busy;
      keepHere(form);
      show(form, "off", `${words.offline} ${now()}`);
      retryLater(form);
    }
  };

  const restore = (form) => {
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key(form))); } catch { /* unreadable: nothing to bring back */ }
    if (!kept || kept.typed === typed(form)) { if (kept) forgetHere(form); return; }
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = false;
    for (const [name, value] of JSON.parse(kept.typed)) {
      const field = form.elements[name];
      if (field instanceof RadioNodeList || field?.type === "radio") form.querySelectorAll(`[name="${name}"]`).forEach((radio) => { radio.checked = radio.value === value; });
      else if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    form.elements.version.value = kept.version;
    save(form);
  };

  const isTouched = (form) => [...form.elements].some((field) => (["radio", "checkbox"].includes(field.type)
    ? field.checked !== field.defaultChecked
    : field.matches("textarea, input[type=text]") && field.value !== field.defaultValue));

  const choose = (event) => { // 0 to 3 inside a picker
    const picker = event.target.closest(".picker");
    if (!picker || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
    const radio = picker.querySelector(`input[value="${event.key}"]`);
    if (radio) { radio.checked = true; radio.focus(); radio.dispatchEvent(new Event("change", { bubbles: true })); }
  };

  for (const form of document.querySelectorAll("form[data-autosave]")) {
    form.querySelector("[data-plain-save]").hidden = true;
    form.addEventListener("change", (event) => { if (event.target.type !== "file") save(form); });
    form.addEventListener("input", (event) => {
      if (event.target.matches("textarea, input[type=text]")) {
        clearTimeout(form.timer);
        show(form, "", words.typing);
        form.timer = setTimeout(() => save(form), WAIT);
      }
    });
    form.addEventListener("keydown", choose);
    form.addEventListener("submit", (event) => { event.preventDefault(); save(form); });
    restore(form);
    if (!form.dataset.busy && isTouched(form)) save(form); // somebody was quicker than this script
  }
  addEventListener("online", () => document.querySelectorAll("form[data-autosave]").forEach((form) => { if (form.unconfirmed) save(form); }));
  addEventListener("beforeunload", (event) => {
    const open = [...document.querySelectorAll("form[data-autosave]")].filter((form) => form.timer && form.sent !== typed(form) && form.querySelector(".saved:not(.ok):not(.off)"));
    open.forEach(keepHere);
    if (open.some((form) => form.dataset.busy)) event.preventDefault();
  });
})();
