import { api, feeds } from "./host";

/** After a change at the desk: who is here, and the numbers at the top. */
export async function reload_desk(): Promise<void> {
  await Promise.all([feeds.desk.load(), feeds.now.load()]);
}

/** Takes a change back, and says so. */
export async function undo(change: string): Promise<void> {
  await api.undo(change);
  await reload_desk();
}
