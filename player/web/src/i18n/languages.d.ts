/** Made by build.mjs from the files of this folder: a language is there when its file is there. Its default export are
 *  the words of the attendee page; the other exports are loaded by those who need them. */
declare module "hub:languages" {
  import type { Messages } from "./fr";
  const languages: Messages[];
  export default languages;
}
declare module "hub:host" {
  import type { HostMessages } from "../console/fr";
  const by_code: Record<string, HostMessages> & { fr: HostMessages };
  export default by_code;
}
declare module "hub:kiosk" {
  import type { KioskMessages } from "../kiosk/fr";
  const by_code: Record<string, KioskMessages> & { fr: KioskMessages };
  export default by_code;
}
declare module "hub:glossary" {
  import type { Glossary } from "../glossary/fr";
  const by_code: Record<string, () => Promise<{ default: Glossary }>> & { fr: () => Promise<{ default: Glossary }> };
  export default by_code;
}
