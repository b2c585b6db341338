/** What the page remembers on this phone. Storage may be switched off or full: then nothing is remembered. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`viewing-hub.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`viewing-hub.${key}`, value);
  } catch {
    // Private windows of some browsers refuse: the choice then lasts until the page is closed.
  }
}
