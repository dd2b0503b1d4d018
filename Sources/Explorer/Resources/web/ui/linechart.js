// Lines over a few or many steps, with bands and a marked interval; the pointer reads values off.
import { seriesColor } from "./color.js";
import { el, replace, svg } from "./dom.js";
import { number, short } from "./format.js";
import { hideTip, showTip } from "./tip.js";

/** Round steps that divide a span in about so many parts. */
function ticks(low, high, about = 5) {
  const rough = (high - low) / about || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((part) => part * power).find((part) => part >= rough * 0.99);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-6; at += step) found.push(Math.abs(at) < step / 1e6 ? 0 : at);
  return found;
}

const margin = { left: 48, right: 12, top: 10, bottom: 34 };

/**
 * @param {object} options
 * @param {string} options.label @param {string} options.x @param {string} options.y titles
 * @param {number} [options.height]
 * @param {[number, number]} [options.xDomain] @param {[number, number]} [options.yDomain]
 * @param {boolean} [options.dots] whether points are marked
 * @param {AbortSignal} options.signal
 */
export function lineChart(options) {
  const { height = 220, signal } = options;
  let series = [];
  let marked = null;
  let width = 0;
  const key = el("div", { class: "key" });
  const canvas = el("div", { class: "lines-canvas" });
  const node = el("div", { class: "lines" }, key, canvas);

  function ends(read, fixed) {
    if (fixed) return fixed;
    const all = series.flatMap((line) => line.points.flatMap(read)).filter((value) => Number.isFinite(value));
    if (!all.length) return [0, 1];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return low === high ? [low - 0.5, high + 0.5] : [low, high];
  }

  function draw() {
    width = canvas.clientWidth;
    if (!width) return;
    const [x0, x1] = ends((point) => [point.x], options.xDomain);
    const yEnds = ends((point) => [point.y, point.low, point.high], options.yDomain);
    const [y0, y1] = options.yDomain ? yEnds : [Math.min(0, yEnds[0]), yEnds[1]];
    const px = (x) => margin.left + ((x - x0) / (x1 - x0 || 1)) * (width - margin.left - margin.right);
    const py = (y) => height - margin.bottom - ((y - y0) / (y1 - y0 || 1)) * (height - margin.top - margin.bottom);
    const picture = svg("svg", { width, height, role: "img", "aria-label": options.label, viewBox: `0 0 ${width} ${height}` });
    if (marked) {
      const [from, to] = [px(Math.max(x0, marked.from)), px(Math.min(x1, marked.to))];
      picture.append(
        svg("rect", { class: "band", x: from, y: margin.top, width: Math.max(2, to - from), height: height - margin.top - margin.bottom }),
        svg("text", { class: "band-name", x: Math.min(width - 8, from + 4), y: margin.top + 11 }, marked.name),
      );
    }
    for (const at of ticks(y0, y1)) {
      picture.append(
        svg("line", { class: "grid", x1: margin.left, x2: width - margin.right, y1: py(at), y2: py(at) }),
        svg("text", { class: "tick end", x: margin.left - 6, y: py(at) + 4 }, short(at)),
      );
    }
    const across = options.whole ? ticks(x0, x1, Math.min(x1 - x0, width / 60)).filter(Number.isInteger) : ticks(x0, x1, width / 90);
    for (const at of across) picture.append(svg("text", { class: "tick middle", x: px(at), y: height - margin.bottom + 15 }, short(at)));
    picture.append(
      svg("text", { class: "axis middle", x: (margin.left + width - margin.right) / 2, y: height - 4 }, options.x),
      svg("text", { class: "axis middle", transform: `translate(9 ${height / 2 - 10}) rotate(-90)` }, options.y),
    );
    series.forEach((line, index) => {
      const color = line.color ?? seriesColor(index);
      const points = line.points.filter((point) => Number.isFinite(point.y));
      const banded = points.filter((point) => Number.isFinite(point.low) && Number.isFinite(point.high));
      if (banded.length > 1) {
        const outline = [...banded.map((point) => [point.x, point.high]), ...banded.toReversed().map((point) => [point.x, point.low])];
        picture.append(svg("polygon", { class: "interval", fill: color, points: outline.map(([x, y]) => `${px(x)},${py(y)}`).join(" ") }));
      }
      picture.append(svg("polyline", {
        class: line.quiet ? "series quiet-line" : "series", stroke: color, "stroke-dasharray": line.dash ?? null,
        points: points.map((point) => `${px(point.x)},${py(point.y)}`).join(" "),
      }));
      if (options.dots) for (const point of points) picture.append(svg("circle", { cx: px(point.x), cy: py(point.y), r: 3, fill: color }));
    });
    const cursor = svg("line", { class: "cursor", y1: margin.top, y2: height - margin.bottom, visibility: "hidden" });
    picture.append(cursor);
    picture.addEventListener("pointermove", (event) => read(event, { picture, cursor, px }));
    picture.addEventListener("pointerleave", () => {
      cursor.setAttribute("visibility", "hidden");
      hideTip();
    });
    replace(canvas, picture);
  }

  function read(event, { picture, cursor, px }) {
    const at = event.clientX - picture.getBoundingClientRect().left;
    const places = series.flatMap((line) => line.points.map((point) => point.x));
    if (!places.length) return;
    const nearest = places.reduce((best, x) => (Math.abs(px(x) - at) < Math.abs(px(best) - at) ? x : best));
    cursor.setAttribute("x1", px(nearest));
    cursor.setAttribute("x2", px(nearest));
    cursor.setAttribute("visibility", "visible");
    const lines = series
      .map((line) => ({ name: line.name, point: line.points.find((point) => point.x === nearest) }))
      .filter(({ point }) => point && Number.isFinite(point.y))
      .sort((a, b) => b.point.y - a.point.y)
      .slice(0, 12)
      .map(({ name, point }) => `${name}: ${number(point.y)}${Number.isFinite(point.low) ? ` (${number(point.low)} to ${number(point.high)})` : ""}`);
    showTip([`${options.x} ${short(nearest)}`, ...lines], event.clientX, event.clientY);
  }

  const watcher = new ResizeObserver(() => canvas.clientWidth !== width && draw());
  watcher.observe(canvas);
  signal?.addEventListener("abort", () => watcher.disconnect());

  return {
    node,
    /** New lines; `interval` is `{from, to, name}`, marked behind them. */
    set(lines, interval = null) {
      series = lines;
      marked = interval;
      const named = lines.filter((line) => !line.quiet);
      replace(key, named.length > 1 && named.map((line) => {
        const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
        swatch.style.background = line.color ?? seriesColor(lines.indexOf(line));
        return el("span", {}, swatch, line.name);
      }));
      draw();
    },
  };
}
