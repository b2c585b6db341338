/** Made by build.mjs from the files of this folder: a language is there when its file is there. */
declare module "hub:languages" {
  import type { Messages } from "./fr";
  const languages: Messages[];
  export default languages;
}
