import words from "hub:kiosk";
import { t } from "../i18n";
import type { KioskMessages } from "./fr";

/** The words of the tablet at the door, beside those of the attendee page. */
export function k(): KioskMessages {
  return words[t().code] ?? words.fr;
}
