// Lines over a few or many steps, with bands and a marked interval; pointer or arrow keys read values off. New values change
// the drawn chart's data: it is drawn once.
import { announce } from "./announcer.js";
import { seriesColor } from "./color.js";
import { el, replace } from "./dom.js";
import { number, short } from "./format.js";
import { lineSpec } from "./linespec.js";
import { errorState } from "./states.js";
import { hideTip, showTip } from "./tip.js";
import { embedChart } from "./vega.js";

/** How many lines a tooltip names. */
const most = 12;

/**
 * @param {object} options
 * @param {string} options.label @param {string} options.x @param {string} options.y titles
 * @param {number} [options.height]
 * @param {[number, number]} [options.xDomain] @param {[number, number]} [options.yDomain]
 * @param {boolean} [options.dots] whether points are marked
 * @param {boolean} [options.whole] whether x is counted
 * @param {AbortSignal} options.signal ends the chart
 */
export function lineChart(options) {
  const { height = 220, signal } = options;
  let series = [];
  let data = { points: [], band: [] };
  let view = null;
  let width = 0;
  let cursor = null;
  let drawn = null;
  const key = el("div", { class: "key" });
  const plot = el("div", { class: "lines-plot", "aria-hidden": "true" });
  const canvas = el("div", {
    class: "lines-canvas",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "line chart",
    "aria-label": `${options.label}. Left and right arrow keys read values.`,
  }, plot);
  canvas.style.minHeight = `${height}px`;
  const node = el("div", { class: "lines" }, key, canvas);

  const isOver = () => signal?.aborted;
  const update = () => {
    if (!view) return;
    view.data("points", data.points).data("band", data.band).runAsync();
  };

  /** Draws it when it first has a place. */
  async function draw() {
    let chart;
    const first = data;
    try {
      const spec = { ...lineSpec({ ...options, height }), width, datasets: { ...first, cursor: [] } };
      // An axis without values is remarked on, in the console: an empty chart is no mistake.
      chart = await embedChart(plot, spec, { logLevel: 1 });
    } catch (error) {
      if (!isOver()) replace(canvas, errorState(error));
      return;
    }
    if (isOver()) {
      chart.finalize();
      return;
    }
    view = chart.view;
    signal?.addEventListener("abort", () => chart.finalize());
    if (width !== canvas.clientWidth) fit();
    if (data !== first) update();
  }

  function fit() {
    width = canvas.clientWidth;
    view.width(width).resize().runAsync();
  }

  /** Where the axis begins, in the window. */
  const begin = () => plot.getBoundingClientRect().left + view.padding().left + view.origin()[0];

  /** The places along the axis where some line has a value. */
  const places = () => [...new Set(data.points.map((point) => point.x))].sort((a, b) => a - b);

  function point(at, x, y) {
    if (at !== cursor) {
      cursor = at;
      view.data("cursor", at === null ? [] : [{ x: at }]).runAsync();
    }
    if (at === null) return hideTip();
    return showTip(valuesAt(at), x, y);
  }

  function valuesAt(at) {
    const lines = series
      .map((line) => ({ name: line.name, point: line.points.find((one) => one.x === at) }))
      .filter((line) => Number.isFinite(line.point?.y))
      .sort((a, b) => b.point.y - a.point.y)
      .slice(0, most)
      .map(({ name, point: { y, low, high } }) => `${name}: ${number(y)}${Number.isFinite(low) ? ` (${number(low)} to ${number(high)})` : ""}`);
    return [`${options.x} ${short(at)}`, ...lines];
  }

  canvas.addEventListener("pointermove", (event) => {
    const all = view ? places() : [];
    if (!all.length) return;
    const wanted = view.scale("x").invert(event.clientX - begin());
    point(all.reduce((best, x) => (Math.abs(x - wanted) < Math.abs(best - wanted) ? x : best)), event.clientX, event.clientY);
  });
  for (const name of ["pointerleave", "blur"]) canvas.addEventListener(name, () => view && point(null));
  canvas.addEventListener("keydown", (event) => {
    const all = view ? places() : [];
    if (!all.length) return;
    if (event.key === "Escape") return void point(null);
    const from = cursor === null ? -1 : all.indexOf(cursor);
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const at = all[Math.min(all.length - 1, Math.max(0, to))];
    point(at, begin() + view.scale("x")(at), plot.getBoundingClientRect().top + height / 3);
    announce(valuesAt(at).join(", "));
  });

  const watcher = new ResizeObserver(() => {
    if (!canvas.clientWidth || canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    if (view) fit();
    else drawn ??= draw();
  });
  watcher.observe(canvas);
  signal?.addEventListener("abort", () => watcher.disconnect());

  return {
    node,
    /** New lines; `interval` is `{from, to, name}`, marked behind them. */
    set(lines, interval = null) {
      series = lines;
      const named = lines.filter((line) => !line.quiet);
      const colorOf = (line) => line.color ?? seriesColor(lines.indexOf(line));
      data = {
        band: interval ? [interval] : [],
        points: lines.flatMap((line) => line.points
          .filter((one) => Number.isFinite(one.y))
          .map((one) => ({ ...one, line: line.name, color: colorOf(line), quiet: Boolean(line.quiet) }))),
      };
      replace(key, named.length > 1 && named.map((line) => {
        const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
        swatch.style.background = colorOf(line);
        return el("span", {}, swatch, line.name);
      }));
      update();
    },
  };
}
