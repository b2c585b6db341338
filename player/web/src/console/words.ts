import { t } from "../i18n";
import en from "./en";
import fr, { HostMessages } from "./fr";

const all: Record<string, HostMessages> = { fr, en };

/** The words of the host page in the language shown. Ask at each use: `() => w().log_out`. */
export function w(): HostMessages {
  return all[t().code] ?? fr;
}
