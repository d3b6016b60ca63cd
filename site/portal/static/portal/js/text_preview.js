// The preview of an editable text while it is typed. Without script, it shows the text that was last submitted.
(() => {
  "use strict";
  const DELAY = 500; // milliseconds after the last key

  const start = () => {
    const form = document.querySelector("form[data-preview]");
    const shown = document.querySelector("[data-shown]");
    if (!form || !shown) return;
    let asked = 0;
    let timer = null;
    const show = async () => {
      const number = ++asked;
      try {
        const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
        if (number !== asked || !response.ok) return;
        shown.innerHTML = await response.text();
      } catch {
        // the last preview remains, and the form keeps the text
      }
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(show, DELAY);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
