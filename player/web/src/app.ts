import { Api, ApiError, Channel, Hub, Me } from "./api";
import { refresh } from "./dom";
import { t } from "./i18n";

/** What the parts of the page share. Change it, then refresh(). */
export interface State {
  hub: Hub | null;
  me: Me;
  channels: Channel[];
  /** News from the hub arrive. */
  reachable: boolean;
}

export const state: State = {
  hub: null,
  me: { persons: [], present: false },
  channels: [],
  reachable: true,
};

/** Asks again what the hub holds about this device; keeps what was known when it cannot be reached. */
export async function reload_me(api: Api): Promise<void> {
  try {
    state.me = await api.me();
    refresh();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** The sentence to show: the hub's own where it gave one. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.status === 0) return t().problem_unreachable;
    if (error.message) return error.message;
  }
  return t().problem_other;
}
