// Formats the time as the server does: 24 hours, in the user's time zone, with its abbreviation.
import { words } from "./store.js";

/**
 * Return a moment as `17:30 CET`. If the browser does not know the user's zone, in the device's zone and without a
 * name.
 */
export const clock = (moment = new Date()) => {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    const time = new Intl.DateTimeFormat("en-GB", { ...form, timeZone: words.timeZone }).format(moment);
    return `${time} ${words.zone}`;
  } catch {
    return new Intl.DateTimeFormat("en-GB", form).format(moment);
  }
};
