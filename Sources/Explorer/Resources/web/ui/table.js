// A plain table; numbers stand right.
import { el } from "./dom.js";

/**
 * @param {string} caption
 * @param {string[]} columns
 * @param {(string|number|Node)[][]} rows the first cell of each is its heading
 */
export function table(caption, columns, rows, { shownCaption = false } = {}) {
  const cell = (value, index) => {
    const looksNumeric = typeof value === "string" && /^[\u2212–\d.]/.test(value) && index > 0;
    return index === 0
      ? el("th", { scope: "row" }, value)
      : el("td", { class: looksNumeric ? "number" : null }, value);
  };
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el(
      "table",
      { class: "plain" },
      el("caption", { class: shownCaption ? null : "unseen" }, caption),
      el("thead", {}, el("tr", {}, columns.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map(cell)))),
    ),
  );
}

/** The same behind a disclosure: the alternative to a drawing. */
export function tableBehind(summary, make) {
  const details = el("details", { class: "behind" }, el("summary", {}, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(make());
  });
  return details;
}
