// Shows which other people of the hotline have this page open: asks the server when the page opens and every few
// seconds, and says when it closes or is hidden.
const EVERY = 4000; // ms; the server forgets a page that has not asked for three times as long
const place = document.querySelector("[data-presence]");

const ask = async () => {
  if (document.hidden) return;
  try {
    const response = await fetch(place.dataset.presence, {
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(EVERY), // requests that wait for ever would leave none for saving
    });
    if (!response.ok) return;
    const { sentence } = await response.json();
    if (place.textContent !== sentence) place.textContent = sentence;
  } catch {
    /* offline: the line stays as it is */
  }
};

const leave = () => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (!token) return;
  fetch(place.dataset.presence, {
    method: "POST",
    keepalive: true,
    redirect: "manual",
    headers: { "X-CSRFToken": token },
  }).catch(() => {});
};

ask();
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : ask()));
addEventListener("pagehide", leave);
addEventListener("pageshow", (event) => event.persisted && ask());
