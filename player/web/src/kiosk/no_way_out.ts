/** Keeps a tablet on its page, as far as a page can: no menu of a long press, nothing to drag away, and the back
 *  button leads here again. The rest is the tablet's own (screen pinning, guided access). */
export function no_way_out(): void {
  for (const event of ["contextmenu", "dragstart", "drop"]) {
    addEventListener(event, (happened) => happened.preventDefault(), { capture: true });
  }
  history.pushState(null, "", location.href);
  addEventListener("popstate", () => history.pushState(null, "", location.href));
}
