import words from "hub:host";
import { t } from "../i18n";
import type { HostMessages } from "./fr";

/** The words of the host page in the language shown. Ask at each use: `() => w().log_out`. */
export function w(): HostMessages {
  return words[t().code] ?? words.fr;
}
