// Two devices of one assessor are two pages. Each has this: the steps of a history, done by the scripts of the recording
// view themselves, with a network that may lose a request or a response. Reopening reads all from the device again.
async ({ scripts, visit, owner, day }) => {
  const modules = await Promise.all(scripts.map((script) => import(script)));
  const [{ State }, { change, emptyFields, isSame, newRow }, { sendAll, keepMine, takeOther }, { newKey, newUid }, { fetchMaterial }] =
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

  /** Write an interview; where there are no words, remove one that this device has, or put it back. */
  const editRow = async (uid, words) => {
    if (!words && !state.rows.has(uid)) return;
    if (!state.rows.has(uid)) state.rows.set(uid, newRow("interviews", uid));
    const row = state.rows.get(uid);
    const said = { role: "Shift lead", topic: "Nights", day, words, is_removed: false };
    const fields = words ? said : { ...row.fields, is_removed: !row.fields.is_removed };
    if (change(row, fields, row)) await state.keep([row]);
  };

  const fetchBadly = (loses, meanwhile) => async (address, options) => {
    if (options?.method !== "POST") return real(address, options);
    if (loses === "request") throw new TypeError("lost");
    const sent = JSON.parse(options.body).items;
    const response = await real(address, options);
    const { results } = await response.clone().json();
    for (const [place, { kind, version }] of results.entries())
      if (kind === "saved") accepted.push(sent[place].save_uid ?? `${sent[place].uid} ${version}`);
    if (meanwhile && sent.length) await (sent[0].code ? edit(sent[0].code, meanwhile) : editRow(sent[0].uid, meanwhile));
    if (loses === "response") throw new TypeError("lost");
    return response;
  };

  window.device = {
    edit,
    editRow,
    sync: async (loses, meanwhile) => {
      window.fetch = fetchBadly(loses, meanwhile);
      const { kind } = await sendAll(state, () => {});
      if (kind === "done") await take();
      window.fetch = real;
      return kind;
    },
    decide: async (keeps) => {
      for (const item of [...state.items.values(), ...state.rows.values()]) {
        if (!item.other) continue;
        if (keeps) keepMine(item);
        else takeOther(state, item);
        await state.keepDecided(item);
      }
    },
    reopen: async () => {
      const before = [...state.items.values()];
      const rows = [...state.rows.values()];
      await state.writing;
      state = new State(lock, key);
      await state.read();
      const isThere = (record, found) => isSame(record.fields, found?.fields ?? {});
      return (
        before.every((item) => isThere(item, state.find(item.code))) &&
        rows.every((row) => isThere(row, state.rows.get(row.uid)))
      );
    },
    tell: () => ({
      accepted,
      texts: [...state.items.values()].map(({ code, version, fields, isUnsent, other }) => ({
        code,
        version,
        words: fields.words,
        waits: isUnsent || other !== null,
      })),
      rows: [...state.rows.values()].map(({ uid, version, fields, isUnsent, other }) => ({
        uid,
        version,
        words: fields.words,
        isRemoved: Boolean(fields.is_removed),
        waits: isUnsent || other !== null,
      })),
    }),
  };
  await take();
}
