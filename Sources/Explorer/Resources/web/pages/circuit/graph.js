// Heads as points, layers upwards as the stream runs, paths between them as curves.
import { el, replace, svg } from "../../ui/dom.js";
import { headName, interval, number } from "../../ui/format.js";
import { hideTip, showTip } from "../../ui/tip.js";

/** Each input of a receiver has a colour and a place around it. */
const inputOf = {
  q: { color: "var(--series-1)", shift: -9 },
  k: { color: "var(--series-0)", shift: 0 },
  v: { color: "var(--series-2)", shift: 9 },
};
const other = { color: "var(--series-3)", shift: 0 };

/**
 * @param {object} options
 * @param {object[]} options.paths strongest first
 * @param {string} options.measure what a path's number is called
 * @param {(path: object) => string} options.name
 * @param {(layer: number, head: number) => void} options.onHead
 */
export function edgeGraph({ paths, measure, layers, heads, name, onHead, signal }) {
  const host = el("div", { class: "graph" });
  const ends = paths.flatMap((path) => [path.sender, path.receiver]);
  const used = new Set(ends.map(({ layer, head }) => headName(layer, head)));
  // Of a deep model only layers that have a path are drawn.
  const every = Array.from({ length: layers ?? Math.max(...ends.map((end) => end.layer)) + 1 }, (_, layer) => layer);
  const rows = every.length <= 6 ? every : every.filter((layer) => ends.some((end) => end.layer === layer));
  const count = heads ?? Math.max(...ends.map((end) => end.head ?? 0)) + 1;
  const most = Math.max(1e-9, ...paths.map((path) => Math.abs(path.recovery.mean ?? 0)));

  function draw() {
    const width = host.clientWidth;
    if (!width) return;
    const gap = rows.length <= 3 ? 150 : 84;
    const height = gap * (rows.length - 1) + 72;
    const x = (head) => 44 + ((head + 0.5) * (width - 56)) / count;
    const y = (layer) => height - 34 - gap * rows.indexOf(layer);
    const radius = Math.min(15, (width - 56) / count / 2 - 1);
    const picture = svg("svg", { width, height, role: "group", "aria-label": "Paths between heads; the table beside has the same" });
    for (const layer of rows) picture.append(svg("text", { class: "tick", x: 4, y: y(layer) + 4 }, `L${layer}`));
    for (const path of paths.toReversed()) {
      const { sender, receiver, recovery } = path;
      const { color, shift } = inputOf[receiver.input] ?? other;
      const share = Math.abs(recovery.mean ?? 0) / most;
      const [x1, y1, x2, y2] = [x(sender.head), y(sender.layer) - radius, x(receiver.head ?? (count - 1) / 2) + shift, y(receiver.layer ?? rows.at(-1)) + radius];
      const bend = (y1 - y2) / 2;
      const lines = [name(path), `${measure.toLowerCase()}: ${recovery.undefined ?? number(recovery.mean)}`, `95% interval ${interval(recovery.low, recovery.high)}`];
      picture.append(svg("path", {
        class: "edge", d: `M${x1} ${y1}C${x1} ${y1 - bend} ${x2} ${y2 + bend} ${x2} ${y2}`, stroke: color,
        "stroke-width": Math.max(0.8, 7 * share), "stroke-opacity": 0.25 + 0.75 * share, "stroke-dasharray": recovery.mean < 0 ? "4 4" : null,
        onpointermove: (event) => showTip(lines, event.clientX, event.clientY), onpointerleave: hideTip,
      }));
    }
    for (const layer of rows) {
      for (let head = 0; head < count; head += 1) {
        const label = headName(layer, head);
        const isUsed = used.has(label);
        const open = () => onHead(layer, head);
        picture.append(svg(
          "g",
          {
            class: isUsed ? "node used" : "node", transform: `translate(${x(head)} ${y(layer)})`, tabindex: isUsed ? 0 : null,
            role: isUsed ? "link" : null, "aria-label": isUsed ? `${label}, its attention` : null, onclick: open,
            onkeydown: (event) => event.key === "Enter" && open(),
          },
          svg("circle", { r: Math.max(3, radius) }),
          radius > 9 ? svg("text", { class: "middle", y: 4 }, `H${head}`) : null,
        ));
      }
    }
    replace(host, key(), picture);
  }

  const key = () => el("div", { class: "key" }, [["k", "to keys"], ["q", "to queries"], ["v", "to values"]].map(([input, text]) => {
    const swatch = el("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = inputOf[input].color;
    return el("span", {}, swatch, text);
  }));
  let last = 0;
  const watcher = new ResizeObserver(() => {
    if (host.clientWidth === last) return;
    last = host.clientWidth;
    draw();
  });
  watcher.observe(host);
  signal?.addEventListener("abort", () => watcher.disconnect());
  return host;
}
