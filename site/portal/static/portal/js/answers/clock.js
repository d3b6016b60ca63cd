// The time as the server formats it: 24 hours, in the user's time zone, with its abbreviation.
import { words } from "./store.js";

/** A moment as `17:30 CET`; in the device's zone and without a name if the browser does not know the user's zone. */
export const clock = (moment = new Date()) => {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    const time = new Intl.DateTimeFormat("en-GB", { ...form, timeZone: words.timeZone }).format(moment);
    return `${time} ${words.zone}`;
  } catch {
    return new Intl.DateTimeFormat("en-GB", form).format(moment);
  }
};
