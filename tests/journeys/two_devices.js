// Two devices of one assessor are two pages. Each has this: the steps of a history, done by the scripts of the recording
// view themselves, with a network that may lose a request or a response. Reopening reads all from the device again.
async ({ scripts, visit, owner }) => {
  const modules = await Promise.all(scripts.map((script) => import(script)));
  const [{ State }, { emptyFields, isSame }, { sendAll, keepMine, takeOther }, { newKey, newUid }, { fetchMaterial }] =
    modules;
  const lock = { visit, owner, device: newUid() };
  const key = await newKey();
  const accepted = [];
  const real = window.realFetch ?? window.fetch;
  window.realFetch = real;
  let state = new State(lock, key);

  const take = async () => {
    const fetched = await fetchMaterial(visit);
    if (fetched.kind === "done") await state.take(fetched.data);
  };

  const edit = async (code, words) => {
    const { version, taken, fields } = state.find(code);
    const item = state.edit(code, { ...emptyFields(), ...fields, words, level: "0" }, { version, taken });
    if (item) await state.keep([item]);
  };

  const fetchBadly = (loses, meanwhile) => async (address, options) => {
    if (options?.method !== "POST") return real(address, options);
    if (loses === "request") throw new TypeError("lost");
    const sent = JSON.parse(options.body).items;
    const response = await real(address, options);
    const { results } = await response.clone().json();
    for (const [place, { kind }] of results.entries()) if (kind === "saved") accepted.push(sent[place].save_uid);
    if (meanwhile && sent.length) await edit(sent[0].code, meanwhile);
    if (loses === "response") throw new TypeError("lost");
    return response;
  };

  window.device = {
    edit,
    sync: async (loses, meanwhile) => {
      window.fetch = fetchBadly(loses, meanwhile);
      const { kind } = await sendAll(state, () => {});
      if (kind === "done") await take();
      window.fetch = real;
      return kind;
    },
    decide: async (keeps) => {
      for (const item of state.items.values()) {
        if (!item.other) continue;
        if (keeps) keepMine(item);
        else takeOther(state, item);
        await state.keepDecided(item);
      }
    },
    reopen: async () => {
      const before = new Map(state.items);
      await state.writing;
      state = new State(lock, key);
      await state.read();
      return [...before].every(([code, item]) => isSame(item.fields, state.find(code).fields));
    },
    tell: () => ({
      accepted,
      texts: [...state.items.values()].map(({ code, version, fields, isUnsent, other }) => ({
        code,
        version,
        words: fields.words,
        waits: isUnsent || other !== null,
      })),
    }),
  };
  await take();
}
