// Horizontal bars with intervals. A table in structure, so that it is read aloud as one.
import { el, svg } from "./dom.js";
import { interval, number } from "./format.js";

/**
 * @param {object} options
 * @param {string} options.label caption for screen readers
 * @param {string} options.name @param {string} options.value headings of the columns
 * @param {{name: string, value: number, low?: number, high?: number, color?: string, href?: string, mark?: string}[]} options.rows
 * @param {[number, number]} [options.domain] ends of the axis; without it the data's, with 0
 */
export function bars({ label, name, value, rows, domain }) {
  const ends = rows.flatMap((row) => [row.value, row.low, row.high]).filter((end) => Number.isFinite(end));
  const low = domain?.[0] ?? Math.min(0, ...ends);
  const high = domain?.[1] ?? (Math.max(0, ...ends) || 1);
  const place = (at) => (100 * (Math.min(high, Math.max(low, at)) - low)) / (high - low || 1);
  const drawing = (row) => {
    const from = Math.min(place(0), place(row.value));
    const size = Math.abs(place(row.value) - place(0));
    return svg(
      "svg",
      { class: "bar", width: "100%", height: 14, "aria-hidden": "true" },
      svg("line", { x1: `${place(0)}%`, x2: `${place(0)}%`, y1: 0, y2: 14, class: "zero" }),
      Number.isFinite(row.value) && svg("rect", {
        x: `${from}%`, width: `${Math.max(0.3, size)}%`, y: 2, height: 10, fill: row.color ?? "var(--bar)",
      }),
      Number.isFinite(row.low) && Number.isFinite(row.high) && svg("line", {
        x1: `${place(row.low)}%`, x2: `${place(row.high)}%`, y1: 7, y2: 7, class: "whisker",
      }),
    );
  };
  return el(
    "table",
    { class: "bars" },
    el("caption", { class: "unseen" }, label),
    el("colgroup", {}, el("col", { class: "bar-name" }), el("col", { class: "bar-value" }), el("col", {})),
    el("thead", {}, el("tr", {}, [name, value, "95% interval"].map((text) => el("th", { scope: "col" }, el("span", { class: "unseen" }, text))))),
    el("tbody", {}, rows.map((row) => el(
      "tr",
      { class: row.mark ?? null },
      el("th", { scope: "row", title: row.name }, row.href ? el("a", { href: row.href }, row.name) : row.name),
      el("td", { class: "number" }, number(row.value)),
      el("td", { class: "drawn", title: interval(row.low, row.high) }, drawing(row), el("span", { class: "unseen" }, interval(row.low, row.high))),
    ))),
  );
}
