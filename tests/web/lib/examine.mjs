/** What is wrong with what is visible now, as a list of sentences. Runs in the page.
 *  @param least  pixels that a target is wide and high */
export function examine(least = 44) {
  const wrong = [];
  const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
  const dialog = document.querySelector("dialog[open]");
  const scope = dialog ?? document;
  const name = (element) => {
    const by = element.getAttribute("aria-labelledby");
    if (by) return by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
    const label = element.getAttribute("aria-label") ?? [...(element.labels ?? [])].map((one) => one.textContent).join(" ");
    return (label || (element.matches("input, textarea, select") ? "" : element.innerText)).trim();
  };
  const what = (element) => element.outerHTML.slice(0, 90);

  if (!document.documentElement.lang) wrong.push("no language");
  if (!document.title) wrong.push("no title");
  for (const element of scope.querySelectorAll("button, a[href], input, textarea, select")) {
    if (!seen(element)) continue;
    if (!name(element)) wrong.push(`no name: ${what(element)}`);
    if (element.tabIndex > 0) wrong.push(`own tab order: ${what(element)}`);
    // A small box inside a large label is touched through the label.
    const target = element.matches("[type=radio], [type=checkbox]") ? element.closest("label") : element;
    const box = target.getBoundingClientRect();
    if (box.width < least || box.height < least) wrong.push(`only ${box.width} × ${box.height}: ${what(element)}`);
    if (box.left < 0 || box.right > innerWidth + 0.5) wrong.push(`outside the screen: ${what(element)}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`id twice: ${id}`);
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(" ")) if (!document.getElementById(id)) wrong.push(`${attribute} leads nowhere: ${what(element)}`);
    }
  }
  let level = dialog ? 1 : 0;
  for (const heading of scope.querySelectorAll("h1, h2, h3, h4")) {
    if (!seen(heading)) continue;
    const now = Number(heading.tagName[1]);
    if (now > level + 1) wrong.push(`heading skips a level: ${what(heading)}`);
    if (!heading.textContent.trim()) wrong.push(`empty heading: ${what(heading)}`);
    level = now;
  }
  for (const svg of document.querySelectorAll("svg")) if (svg.getAttribute("aria-hidden") !== "true") wrong.push(`icon is read out: ${what(svg)}`);
  for (const fieldset of scope.querySelectorAll("fieldset")) if (!fieldset.querySelector("legend")?.textContent) wrong.push(`no legend: ${what(fieldset)}`);
  if (!dialog && !document.querySelector("main")) wrong.push("no main");
  if (document.documentElement.scrollWidth > innerWidth) wrong.push(`${document.documentElement.scrollWidth} wide`);
  return wrong;
}
