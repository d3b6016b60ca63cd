// Light, dark or as the device: before the first paint, kept on this device, one answer for every menu on the page.
// Paper is always light.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paper = window.matchMedia("print");
  const read = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  };
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
    try {
      if (event.target.value === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", event.target.value);
    } catch {
      root.dataset.bsTheme = event.target.value === "auto" ? (dark.matches ? "dark" : "light") : event.target.value;
      return;
    }
    show();
    mark();
  });
})();
