// The time as the server writes it: 24 hours, in the reader's time zone, with its abbreviation.
import { words } from "./store.js";

/** A moment as `17:30 CET`; in the device's own zone and without a name where the browser does not know the reader's. */
export const clock = (moment = new Date()) => {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    const time = new Intl.DateTimeFormat("en-GB", { ...form, timeZone: words.timeZone }).format(moment);
    return `${time} ${words.zone}`;
  } catch {
    return new Intl.DateTimeFormat("en-GB", form).format(moment);
  }
};
