// Encrypts the data on the device: AES-GCM, with a key derived from a PIN by PBKDF2, or one that the browser stores.
const ITERATIONS = 600000;
const encoder = new TextEncoder();
const AES = { name: "AES-GCM", length: 256 };
const USES = ["encrypt", "decrypt"];

export const newUid = () => crypto.randomUUID();

/** Return the settings for deriving a key from a PIN, for a new device. */
export const newSettings = () => ({ salt: crypto.getRandomValues(new Uint8Array(16)), iterations: ITERATIONS });

export const keyFromPin = async (pin, { salt, iterations }) => {
  const material = await crypto.subtle.importKey("raw", encoder.encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, material, AES, false, USES);
};

/** Return a key that cannot be exported, for users without a PIN. The browser stores it as it is. */
export const newKey = () => crypto.subtle.generateKey(AES, false, USES);

export const sealBytes = async (key, bytes) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
};

/** Return the decrypted bytes. Throws if the key is wrong. */
export const unsealBytes = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);

export const seal = (key, value) => sealBytes(key, encoder.encode(JSON.stringify(value)));

export const unseal = async (key, sealed) => JSON.parse(new TextDecoder().decode(await unsealBytes(key, sealed)));

/** Return the SHA-256 of a text or of bytes. */
export const digest = async (data) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", typeof data === "string" ? encoder.encode(data) : data))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
