// The Vega-Lite spec of a line chart. Its data are named and empty: who draws it fills them, again and again, without
// drawing anew. Colours are custom properties of the page, so that the theme decides them, also after drawing.

/** A field of numbers on an axis. */
const place = (field, scale, axis) => ({ field, type: "quantitative", scale, axis });

/**
 * Data: "points" {x, y, low, high, line, color, quiet}, "band" {from, to, name} and "cursor" {x}.
 * @param {object} options of `lineChart`
 */
export function lineSpec({ x, y, height, xDomain, yDomain, dots, whole }) {
  const xScale = xDomain ? { domain: xDomain, nice: false } : { zero: false, nice: false };
  const yScale = yDomain ? { domain: yDomain } : { zero: true, nice: true };
  const counted = { expr: "sequence(ceil(domain('x')[0]), floor(domain('x')[1]) + 1)" };
  const xAxis = { title: x, grid: false, labelOverlap: true, ...(whole ? { format: "d", values: counted } : {}) };
  const across = place("x", xScale, xAxis);
  const up = place("y", yScale, { title: y, tickCount: 5 });
  const lines = {
    x: across,
    detail: { field: "line", type: "nominal" },
    color: { field: "color", type: "nominal", scale: null },
  };
  const isNumber = (field) => `isValid(datum.${field})`;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: 300,
    height,
    padding: 2,
    autosize: { type: "fit", contains: "padding" },
    background: null,
    data: { name: "points" },
    layer: [
      {
        data: { name: "band" },
        mark: { type: "rect", clip: true, color: "var(--band)" },
        encoding: { x: place("from", xScale, xAxis), x2: { field: "to" } },
      },
      {
        data: { name: "band" },
        mark: { type: "text", align: "left", baseline: "top", dx: 4, dy: 3, fontSize: 11, color: "var(--warn)" },
        encoding: { x: place("from", xScale, xAxis), y: { value: 0 }, text: { field: "name" } },
      },
      {
        transform: [{ filter: `${isNumber("low")} && ${isNumber("high")}` }],
        mark: { type: "area", opacity: 0.16 },
        encoding: { ...lines, y: { ...up, field: "low" }, y2: { field: "high" } },
      },
      // The lines that matter stand before the quiet ones.
      ...[true, false].map((isQuiet) => ({
        transform: [{ filter: `datum.quiet === ${isQuiet}` }],
        mark: { type: "line", strokeJoin: "round", strokeWidth: isQuiet ? 1 : 1.8, opacity: isQuiet ? 0.7 : 1 },
        encoding: { ...lines, y: up },
      })),
      ...(dots ? [{ mark: { type: "point", filled: true, size: 30, opacity: 1 }, encoding: { ...lines, y: up } }] : []),
      {
        data: { name: "cursor" },
        mark: { type: "rule", color: "var(--soft)", strokeDash: [2, 2] },
        encoding: { x: across },
      },
    ],
    config: {
      // What the chart says is said by the element around it.
      aria: false,
      font: "system-ui, sans-serif",
      view: { stroke: null },
      axis: {
        domainColor: "var(--line)", gridColor: "var(--line)", tickColor: "var(--line)", gridWidth: 0.7,
        labelColor: "var(--soft)", labelFontSize: 11, titleColor: "var(--soft)", titleFontSize: 11, titleFontWeight: "normal",
      },
    },
  };
}
