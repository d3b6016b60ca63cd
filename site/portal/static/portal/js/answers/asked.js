// After an answer: the indicators that depend on it are asked or not.

/** Show each of these indicators as asked or not: code -> whether it is. Those of other pages are left alone. */
export const showAsked = (asked) => {
  for (const [code, isAsked] of Object.entries(asked)) {
    const indicator = document.getElementById(`i${code}`);
    indicator?.querySelector("[data-not-asked]")?.toggleAttribute("hidden", isAsked);
    indicator?.querySelector("[data-asked-here]")?.toggleAttribute("hidden", !isAsked);
  }
};
