// Updates what a page shows of an indicator outside of its form: its line, its mark in the list, the counts, its level.
const foldOf = (code) => document.querySelector(`[data-fold="${code}"]`);
const jumpOf = (code) => document.querySelector(`[data-jump="${code}"]`);

const put = (place, html) => {
  if (place && html !== undefined) place.innerHTML = html;
};

/** Count the answered indicators by the marks of the list, and show the progress. */
const countAnswered = () => {
  const counted = [...document.querySelectorAll("[data-jump][data-counts]:not([hidden])")];
  const answered = counted.filter((one) => one.dataset.standing !== "open").length;
  for (const place of document.querySelectorAll("[data-progress]"))
    place.textContent = place.dataset.progress.replace("{answered}", answered).replace("{of}", counted.length);
};

/** Show each of these indicators as asked or not. `asked` maps codes to booleans; codes of other pages are ignored. */
const showAsked = (asked) => {
  for (const [code, isAsked] of Object.entries(asked)) {
    const indicator = document.getElementById(`i${code}`);
    indicator?.querySelector("[data-not-asked]")?.toggleAttribute("hidden", isAsked);
    indicator?.querySelector("[data-asked-here]")?.toggleAttribute("hidden", !isAsked);
    jumpOf(code)?.toggleAttribute("hidden", !isAsked);
  }
};

/** Show the state of an indicator from a response to a save or an upload, and which other indicators are asked. */
export const showStanding = (code, { line, mark, standing, result, count, asked = {} }) => {
  showAsked(asked);
  if (standing === undefined) return;
  const jump = jumpOf(code);
  if (jump) jump.dataset.standing = standing;
  put(jump?.querySelector("[data-mark]"), mark);
  put(foldOf(code)?.querySelector("[data-line]"), line);
  put(foldOf(code)?.querySelector("[data-result]"), result);
  put(foldOf(code)?.querySelector("[data-count]"), count);
  countAnswered();
};

/** Open the indicator that contains an element. */
export const unfold = (element) => {
  const fold = element?.closest("[data-fold]");
  if (fold) fold.open = true;
};

/** Open the indicator that the address links to, as not every browser does so. */
const unfoldTarget = () => unfold(document.getElementById(location.hash.slice(1)));
addEventListener("hashchange", unfoldTarget);
unfoldTarget();
