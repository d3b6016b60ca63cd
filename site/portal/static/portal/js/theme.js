// The theme: light, dark, or that of the device. Set before the first paint, stored on this device, and the same in
// every menu. Print is always light.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paper = window.matchMedia("print");
  // A cookie, as signing out clears the browser's storage.
  const read = () => /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1] ?? "auto";
  const show = () => {
    const choice = paper.matches ? "light" : read();
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  };
  root.classList.add("has-script");
  show();
  dark.addEventListener("change", show);
  paper.addEventListener("change", show);
  const mark = () => {
    for (const input of document.querySelectorAll("[data-theme-choice]")) input.checked = input.value === read();
  };
  document.addEventListener("DOMContentLoaded", mark);
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-theme-choice]")) return;
    const age = event.target.value === "auto" ? 0 : 31536000;
    // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is not in every browser, and needs HTTPS
    document.cookie = `theme=${event.target.value}; path=/; max-age=${age}; samesite=lax`;
    show();
    mark();
  });
})();
