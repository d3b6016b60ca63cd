// The controls of one block as the fields of a save: `words-1.1.2` on the page is sent as `words`.
const OURS = new Set(["level", "value", "words", "good_practice", "strength", "concern"]);

const nameOf = (block, control) => {
  const suffix = `-${block.dataset.code}`;
  const name = control.name.endsWith(suffix) ? control.name.slice(0, -suffix.length) : "";
  return OURS.has(name) ? name : "";
};

const controlsOf = (block) =>
  [...block.querySelectorAll("input, textarea")].filter((control) => nameOf(block, control));

/** Return the fields of a block as pairs of name and value. */
export const readFields = (block) =>
  controlsOf(block)
    .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
    .map((control) => [nameOf(block, control), control.value]);

/** Write fields into a block. Controls that are not among them are emptied. */
export const writeFields = (block, fields) => {
  const given = new Map(fields);
  for (const control of controlsOf(block)) {
    const value = given.get(nameOf(block, control));
    if (control.type === "radio") control.checked = value === control.value;
    else if (control.type === "checkbox") control.checked = value === control.value || value === true;
    else control.value = value ?? "";
  }
};

/** Whether the user changed something before this script ran. */
export const isTouched = (block) =>
  controlsOf(block).some((control) =>
    ["radio", "checkbox"].includes(control.type)
      ? control.checked !== control.defaultChecked
      : control.value !== control.defaultValue,
  );

/** Mark the controls of a block as invalid and show the problem; with an empty text, remove both. */
export const markInvalid = (block, text) => {
  const number = block.querySelector("input[name^='value-']");
  const marked = number ? [number] : [...block.querySelectorAll("input[type=radio]")];
  const place = block.querySelector("[data-problem]");
  place.hidden = !text;
  place.querySelector("[data-problem-text]").textContent = text || "";
  block.querySelector("fieldset, .field")?.classList.toggle("wrong", Boolean(text));
  for (const control of marked) {
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== place.id);
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    if (text) others.unshift(place.id);
    if (others.length) control.setAttribute("aria-describedby", others.join(" "));
    else control.removeAttribute("aria-describedby");
  }
};
