// A grid of coloured cells on a canvas: heads by layers, attention patterns, maps of pairs. Thousands of cells stay fast.
// The pointer or the arrow keys move a cursor whose cell is named in the tooltip and to screen readers; Enter opens it.
import { announce } from "./announcer.js";
import { el } from "./dom.js";
import { inCell, number } from "./format.js";
import { onThemeChange } from "./theme.js";
import { hideTip, showTip } from "./tip.js";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const moves = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  Home: [0, -1e6], End: [0, 1e6], PageUp: [-1e6, 0], PageDown: [1e6, 0],
};

/** The widest label in pixels, so that margins fit them. */
function widest(labels, font) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font;
  return labels.reduce((most, label) => Math.max(most, pen.measureText(label).width), 0);
}

/**
 * @param {object} options
 * @param {number[][]} options.values rows of cells; null or undefined is empty, a shorter row ends earlier
 * @param {string[]} options.rows @param {string[]} options.columns labels
 * @param {object} options.scale from `colorScale`
 * @param {string} options.label what the grid shows, in a sentence
 * @param {(row: number, column: number) => string[]} options.describe lines of the tooltip
 * @param {(row: number, column: number) => void} [options.onSelect] click or Enter
 * @param {(row: number|null, column: number|null) => void} [options.onHover]
 * @param {[number, number][]} [options.outlined] cells with a frame, such as an induction stripe
 * @param {[number, number]|null} [options.selected]
 * @param {number} [options.maxCell] @param {number} [options.minCell] pixels
 * @param {string} [options.rowTitle] @param {string} [options.columnTitle]
 * @param {AbortSignal} options.signal ends its listeners
 */
export function heatmap(options) {
  const rows = options.values.length;
  const columns = options.columns.length;
  const { maxCell = 64, minCell = 4, signal } = options;
  let selected = options.selected ?? null;
  let cursor = null;
  let layout = null;
  const canvas = el("canvas", {
    class: options.onSelect ? "heatmap opens" : "heatmap",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "heatmap",
    "aria-label": `${options.label} ${rows} rows, ${columns} columns. Arrow keys move, Enter opens.`,
  });
  const frame = el("div", { class: "heatmap-frame" }, canvas);
  // Cells and labels are painted once; a move of the cursor copies them and draws its frame.
  const base = document.createElement("canvas");

  const has = (row, column) => {
    const value = options.values[row]?.[column];
    return value !== undefined && value !== null;
  };

  function measure() {
    const font = `11px ${css("--font")}`;
    const slanted = widest(options.columns, font) > 26;
    const top = slanted ? Math.min(90, widest(options.columns, font) + 8) : 18;
    const left = Math.min(150, widest(options.rows, font) + 10);
    const titles = { top: options.columnTitle ? 16 : 0, left: options.rowTitle ? 16 : 0 };
    const wide = Math.max(200, frame.clientWidth) - left - titles.left - 2;
    const cell = Math.max(minCell, Math.min(maxCell, Math.floor(wide / columns)));
    const high = Math.max(minCell, Math.min(cell, options.maxRow ?? 40));
    layout = { font, slanted, top: top + titles.top, left: left + titles.left, cell, high };
    // Where the cells are, for who drives the page from outside.
    canvas.dataset.layout = JSON.stringify(layout);
  }

  function draw() {
    if (!frame.isConnected || frame.clientWidth === 0) return;
    measure();
    const { cell, high, left, top, font, slanted } = layout;
    const width = left + cell * columns + 2;
    const height = top + high * rows + 2;
    const ratio = window.devicePixelRatio || 1;
    for (const one of [canvas, base]) {
      one.width = Math.round(width * ratio);
      one.height = Math.round(height * ratio);
    }
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const pen = base.getContext("2d");
    pen.scale(ratio, ratio);
    pen.font = font;
    pen.textBaseline = "middle";
    const gap = cell > 9 ? 1 : 0;
    const printed = cell >= 34 && high >= 18;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const x = left + column * cell;
        const y = top + row * high;
        if (!has(row, column)) continue;
        const value = options.values[row][column];
        if (!Number.isFinite(value)) {
          pen.strokeStyle = css("--line");
          pen.strokeRect(x + 1.5, y + 1.5, cell - 3, high - 3);
          continue;
        }
        pen.fillStyle = options.scale.css(value);
        pen.fillRect(x, y, cell - gap, high - gap);
        if (printed) {
          pen.fillStyle = options.scale.ink(value);
          pen.textAlign = "center";
          pen.fillText(inCell(value, options.scale), x + cell / 2, y + high / 2, cell - 4);
        }
      }
    }
    drawLabels(pen, slanted);
    for (const [row, column] of options.outlined ?? []) outline(pen, row, column, css("--stripe"), 1.5);
    mark();
  }

  function mark() {
    if (!layout) return;
    const pen = canvas.getContext("2d");
    const ratio = window.devicePixelRatio || 1;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(base, 0, 0);
    pen.scale(ratio, ratio);
    if (selected) outline(pen, ...selected, css("--accent"), 2.5);
    if (cursor) outline(pen, ...cursor, css("--ink"), 1.5);
  }

  function drawLabels(pen, slanted) {
    const { cell, high, left, top } = layout;
    pen.fillStyle = css("--soft");
    const everyRow = Math.ceil(12 / high);
    const everyColumn = Math.ceil((slanted ? 12 : widest(options.columns, pen.font) + 4) / cell);
    pen.textAlign = "right";
    options.rows.forEach((label, row) => {
      if (row % everyRow === 0) pen.fillText(label, left - 6, top + (row + 0.5) * high, 138);
    });
    options.columns.forEach((label, column) => {
      if (column % everyColumn !== 0) return;
      const x = left + (column + 0.5) * cell;
      pen.save();
      pen.translate(x, top - (slanted ? 5 : 9));
      if (slanted) pen.rotate(-Math.PI / 2);
      pen.textAlign = slanted ? "left" : "center";
      pen.fillText(label, 0, 0, 82);
      pen.restore();
    });
    pen.textAlign = "center";
    if (options.columnTitle) pen.fillText(options.columnTitle, left + (cell * columns) / 2, 8);
    if (options.rowTitle) {
      pen.save();
      pen.translate(8, top + (high * rows) / 2);
      pen.rotate(-Math.PI / 2);
      pen.fillText(options.rowTitle, 0, 0);
      pen.restore();
    }
  }

  function outline(pen, row, column, color, width) {
    const { cell, high, left, top } = layout;
    pen.strokeStyle = color;
    pen.lineWidth = width;
    const inset = width / 2;
    pen.strokeRect(left + column * cell + inset - 0.5, top + row * high + inset - 0.5, cell - width, high - width);
  }

  function cellAt(event) {
    if (!layout) return null;
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - layout.left) / layout.cell);
    const row = Math.floor((event.clientY - box.top - layout.top) / layout.high);
    return row >= 0 && column >= 0 && has(row, column) ? [row, column] : null;
  }

  function point(cell, x, y) {
    if (String(cell) !== String(cursor)) {
      cursor = cell;
      mark();
      options.onHover?.(...(cell ?? [null, null]));
    }
    if (!cell) return hideTip();
    return showTip(options.describe(...cell), x, y);
  }

  canvas.addEventListener("pointermove", (event) => point(cellAt(event), event.clientX, event.clientY));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (cell) options.onSelect?.(...cell);
  });
  canvas.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && cursor) {
      event.preventDefault();
      options.onSelect?.(...cursor);
      return;
    }
    if (event.key === "Escape") {
      point(null);
      return;
    }
    const move = moves[event.key];
    if (!move || !layout) return;
    event.preventDefault();
    const from = cursor ?? selected;
    let row = from ? Math.min(rows - 1, Math.max(0, from[0] + move[0])) : 0;
    let column = from ? Math.min(columns - 1, Math.max(0, from[1] + move[1])) : 0;
    // Where a row ends earlier, as in a causal pattern, the cursor goes to its last cell.
    while (column > 0 && !has(row, column)) column -= 1;
    if (!has(row, column)) [row, column] = from ?? [0, 0];
    const box = canvas.getBoundingClientRect();
    point(
      [row, column],
      box.left + layout.left + (column + 1) * layout.cell,
      box.top + layout.top + (row + 0.5) * layout.high,
    );
    announce(options.describe(row, column).join(", "));
  });
  const watcher = new ResizeObserver(draw);
  watcher.observe(frame);
  signal?.addEventListener("abort", () => watcher.disconnect());
  onThemeChange(draw, signal);

  return {
    node: frame,
    /** Marks another cell as the chosen one. */
    select(cell) {
      selected = cell;
      mark();
    },
  };
}

/** The scale as a bar with its ends, and what it measures. */
export function legend(scale, title, signal) {
  const bar = el("canvas", { class: "legend-bar", width: 120, height: 8, "aria-hidden": "true" });
  const paint = () => {
    const pen = bar.getContext("2d");
    for (let x = 0; x < 120; x += 1) {
      pen.fillStyle = scale.css(scale.low + (x / 119) * (scale.high - scale.low));
      pen.fillRect(x, 0, 1, 8);
    }
  };
  paint();
  onThemeChange(paint, signal);
  return el("div", { class: "legend" }, el("span", {}, title), el("span", {}, number(scale.low, 2)), bar, el("span", {}, number(scale.high, 2)));
}
