// Sends a returned form with the CSRF token of the present session: signing in again has replaced that of the page.
// Without it, or if somebody else is signed in, the server answers with the page that says so.
const form = document.querySelector("form[data-resend]");

const PATIENCE = 10000; // ms until the form is sent as it is

const renew = async () => {
  try {
    const response = await fetch(form.dataset.resend, {
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.ok) form.elements.csrfmiddlewaretoken.value = (await response.json()).token;
  } catch {
    /* offline: the browser says so when the form is sent */
  }
};

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  await renew();
  HTMLFormElement.prototype.submit.call(form); // a field may be named "submit"
});
