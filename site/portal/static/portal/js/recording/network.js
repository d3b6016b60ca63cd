// Requests to the server, and the URLs of this visit.

/**
 * Fetch JSON. Return the outcome, whose kind is done, refused, offline, signedOut, another, gone or busy. `read` are
 * statuses other than success whose JSON is returned, as refused.
 */
export const fetchJson = async (address, options = {}, read = []) => {
  let response;
  try {
    response = await fetch(address, {
      redirect: "manual",
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
    if (response.type === "opaqueredirect") return { kind: "signedOut" };
    const { status } = response;
    if (response.ok) return { kind: "done", status, data: await response.json() };
    if (read.includes(status)) return { kind: "refused", status, data: await response.json() };
  } catch {
    return { kind: "offline" };
  }
  const { status } = response;
  if (status === 403 || status === 404) return { kind: "gone", status };
  if (status === 409) return { kind: "another", status };
  return { kind: "busy", status };
};

/** Return the session: {kind: "mine", token, …}, or the kind "another", "signedOut", "offline" or "busy". */
export const askSession = async (owner = "") => {
  const { kind, data } = await fetchJson(document.body.dataset.session);
  if (kind !== "done") return { kind: kind === "gone" ? "signedOut" : kind };
  return !owner || data.person === owner ? { kind: "mine", ...data } : { kind: "another" };
};

const NO_VISIT = "00000000-0000-0000-0000-000000000000";

/** Return a URL of this visit. The page has templates of URLs, as it is cached once for all visits. */
export const addressOf = (name, visit) => document.body.dataset[name].replace(NO_VISIT, visit);

export const fetchMaterial = (visit) => fetchJson(addressOf("material", visit));
