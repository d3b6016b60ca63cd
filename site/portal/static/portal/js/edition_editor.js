// The editor of an edition in the CMS: the names of the levels that its scale has, and the level of a share where a score
// is one. Without it every field is shown.
(() => {
  "use strict";
  const start = () => {
    const form = document.querySelector("[name=scale_lowest]")?.closest("form");
    if (!form) return;
    const wrapperOf = (field) => field.closest(".w-panel__wrapper") ?? field.parentElement;
    const set = (field, isOwn) => {
      const hasError = wrapperOf(field).querySelector(".error-message, [aria-invalid=true]") !== null;
      wrapperOf(field).hidden = !(isOwn || hasError || field.value.trim() !== "");
    };
    const show = () => {
      const [lowest, highest] = ["scale_lowest", "scale_highest"].map((name) => Number(form.elements[name].value));
      for (const field of form.querySelectorAll("[name^=level_]")) {
        const level = Number(field.name.slice("level_".length));
        set(field, level >= lowest && level <= highest);
      }
      const methods = [...form.querySelectorAll("[name$=_method]")];
      set(
        form.elements.share_level,
        methods.some((method) => method.value === "share"),
      );
    };
    form.addEventListener("change", show);
    show();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
