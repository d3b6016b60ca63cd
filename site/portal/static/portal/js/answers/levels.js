// Chooses a level of a picker by its number.

/** Choose the level `key` in a picker, as a click would. Return whether the picker has that level. */
export const choose = (picker, key) => {
  const radio = picker?.querySelector(`input[value="${key}"]`);
  if (!radio) return false;
  radio.focus();
  if (!radio.checked) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return true;
};
