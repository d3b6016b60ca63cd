// Requests to the server, and the addresses of this visit.

const PATIENCE = 60000; // ms until a request without a response counts as offline: some networks never respond
const SESSION_PATIENCE = 10000;

/**
 * Fetch JSON. Kinds of outcome: done, refused, offline, signedOut, another, gone, busy. `read` has the statuses of
 * `refused` with JSON.
 */
export const fetchJson = async (address, options = {}, read = [], patience = PATIENCE) => {
  let response;
  try {
    response = await fetch(address, {
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
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

/** Return who is signed in: {kind: "mine", token}, or "another", "signedOut", "offline", "busy". */
export const askSession = async (owner = "", patience = SESSION_PATIENCE) => {
  const { kind, data } = await fetchJson(document.body.dataset.session, {}, [], patience);
  if (kind !== "done") return { kind: kind === "gone" ? "signedOut" : kind };
  return !owner || data.person === owner ? { kind: "mine", ...data } : { kind: "another" };
};

const NO_VISIT = "00000000-0000-0000-0000-000000000000";

/** Return an address of this visit. The cached page has addresses without one, because it serves every visit. */
export const addressOf = (name, visit) => document.body.dataset[name].replace(NO_VISIT, visit);

export const fetchMaterial = (visit) => fetchJson(addressOf("material", visit));
