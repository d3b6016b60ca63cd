// Makes a copy of a table without some columns, and with keys in place of record numbers, in the browser only, with a
// secret that is not stored. Nothing is sent.
(() => {
  "use strict";
  const tool = document.querySelector("[data-record-keys]");
  if (!tool) return;
  const part = (name) => tool.querySelector(`[data-keys-${name}]`);
  const file = part("file"),
    column = part("column"),
    kind = part("kind"),
    left = part("left"),
    boxes = part("boxes"),
    make = part("make"),
    said = part("said");
  const MARKS = [",", ";", "\t", "|"];
  const SAMPLE = 60;
  let table = null;

  const say = (name, values = {}) => {
    let text = name ? tool.dataset[name] : "";
    for (const [key, value] of Object.entries(values)) text = text.replace(`{${key}}`, value);
    said.textContent = text;
  };

  // Returns the text, and whether it has the bytes of an unknown encoding as letters. They are kept for the server, which
  // finds the encoding.
  const decode = (bytes) => {
    const start = new Uint8Array(bytes.slice(0, 2));
    if (start[0] === 0xff && start[1] === 0xfe) return [new TextDecoder("utf-16le").decode(bytes), false];
    if (start[0] === 0xfe && start[1] === 0xff) return [new TextDecoder("utf-16be").decode(bytes), false];
    try {
      return [new TextDecoder("utf-8", { fatal: true }).decode(bytes), false];
    } catch {
      const letters = new Uint8Array(bytes);
      let text = "";
      for (let place = 0; place < letters.length; place += 4096) {
        text += String.fromCharCode(...letters.subarray(place, place + 4096));
      }
      return [text, true];
    }
  };

  const encode = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

  // The names are only shown, in the encoding that is usual for the language of the page.
  const ENCODINGS = { hr: "windows-1250", pl: "windows-1250" };
  const shown = (name, isBytes) =>
    isBytes ? new TextDecoder(ENCODINGS[document.documentElement.lang] || "windows-1252").decode(encode(name)) : name;

  // Parses the rows of a CSV file into cells; a quotation mark inside quotation marks is doubled.
  const parse = (text, mark, most = Infinity) => {
    const rows = [];
    let row = [],
      cell = "",
      quoted = false;
    for (let place = 0; place < text.length && rows.length < most; place += 1) {
      const letter = text[place];
      if (quoted) {
        if (letter !== '"') cell += letter;
        else if (text[place + 1] === '"') {
          cell += '"';
          place += 1;
        } else quoted = false;
      } else if (letter === '"' && !cell) quoted = true;
      else if (letter === mark) {
        row.push(cell);
        cell = "";
      } else if (letter === "\n") {
        row.push(cell);
        rows.push(row);
        row = [];
        cell = "";
      } else cell += letter;
    }
    if (cell || row.length) rows.push([...row, cell]);
    return quoted ? null : rows;
  };

  const filled = (row) => row.filter((cell) => cell.trim()).length;

  // Finds the separator that splits most rows into the same number of cells.
  const findMark = (text) => {
    let best = null,
      most = 0;
    for (const mark of MARKS) {
      const counts = new Map();
      for (const row of parse(text, mark, SAMPLE) || []) {
        if (row.length > 1) counts.set(row.length, (counts.get(row.length) || 0) + 1);
      }
      const count = Math.max(0, ...counts.values());
      if (count > most) [best, most] = [mark, count];
    }
    return best;
  };

  const findNames = (rows) => {
    const widest = Math.max(...rows.slice(0, SAMPLE).map(filled));
    return rows.findIndex((row) => filled(row) >= 2 && filled(row) * 5 >= widest * 3);
  };

  // A box for a column, numbered as in the sentences that refuse one.
  const choose = (place, name) => {
    const label = document.createElement("label"),
      box = document.createElement("input");
    box.type = "checkbox";
    box.value = place;
    label.append(box, ` ${place + 1}: ${name}`);
    return label;
  };

  const open = async () => {
    table = null;
    column.replaceChildren();
    boxes.replaceChildren();
    left.hidden = make.disabled = column.disabled = true;
    if (!file.files.length) return say("");
    const [decoded, isBytes] = decode(await file.files[0].arrayBuffer());
    const text = decoded.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    const mark = text.includes("\0") || text.startsWith("PK") ? null : findMark(text);
    const rows = mark && parse(text, mark);
    const names = rows ? findNames(rows) : -1;
    if (names < 0) return say("unreadable");
    table = { rows, mark, names, isBytes };
    for (const [place, name] of rows[names].entries()) {
      const label = shown(name.trim(), isBytes);
      if (label) column.append(new Option(label, place));
      boxes.append(choose(place, label));
    }
    column.append(new Option(tool.dataset.none, ""));
    left.hidden = make.disabled = column.disabled = false;
    return say("");
  };

  // Letters and digits alternate, so that no key looks like a telephone number or a date.
  const write = (bytes) => {
    let key = "";
    for (let place = 0; place < 12; place += 1) {
      key += String.fromCharCode(97 + (bytes[2 * place] % 26)) + (bytes[2 * place + 1] % 10);
    }
    return key;
  };

  const makeKeys = async (numbers) => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const keys = new Map();
    for (const number of numbers) {
      const digest = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(number));
      keys.set(number, write(new Uint8Array(digest)));
    }
    return keys;
  };

  const quote = (cell) => (/["\n,;\t|]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

  const save = async () => {
    const { rows, mark, names, isBytes } = table,
      place = column.value === "" ? -1 : Number(column.value);
    const out = new Set([...boxes.querySelectorAll("input:checked")].map((box) => Number(box.value)));
    const own = (row) => (row[place] || "").trim();
    const numbers =
      place < 0 || out.has(place)
        ? []
        : rows
            .slice(names + 1)
            .map(own)
            .filter(Boolean);
    const keys = await makeKeys(new Set(numbers));
    const made = rows.map((row, number) =>
      row
        .map((cell, at) => {
          if (at !== place || number < names) return cell;
          return number === names ? kind.value : keys.get(own(row)) || "";
        })
        .filter((_cell, at) => !out.has(at)),
    );
    const text = made.map((row) => `${row.map(quote).join(mark)}\r\n`).join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(isBytes ? [encode(text)] : ["\ufeff", text], { type: "text/csv" }));
    link.download = "copy.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    say("made", { count: keys.size, columns: out.size });
  };

  tool.hidden = false;
  file.addEventListener("change", open);
  make.addEventListener("click", save);
})();
