// The editor of an edition in the CMS: shows the names of the levels of its scale, the level for a share if a score is
// one, and the scoring of groups if there are any. Without script every field is shown.
(() => {
  "use strict";
  const start = () => {
    const form = document.querySelector("[name=scale_lowest]")?.closest("form");
    if (!form) return;
    const wrapperOf = (field) => field.closest(".w-panel__wrapper") ?? field.parentElement;
    const set = (field, isOwn, isFilled = field.value.trim() !== "") => {
      const hasError = wrapperOf(field).querySelector(".error-message, [aria-invalid=true]") !== null;
      wrapperOf(field).hidden = !(isOwn || hasError || isFilled);
    };
    const hasGroups = () =>
      [...form.querySelectorAll("[name^='groups-'][name$='-code']")].some(
        (code) => form.elements[code.name.replace(/code$/, "DELETE")]?.value !== "on",
      );
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
      const { group_method: method, of_groups: ofGroups } = form.elements;
      set(method, hasGroups(), method.value !== "mean");
      set(ofGroups, hasGroups(), ofGroups.checked);
    };
    form.addEventListener("change", show);
    show();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
