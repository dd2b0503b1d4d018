// Small attention patterns: a pixel an entry, scaled up by the browser.
import { colorScale } from "./color.js";
import { el } from "./dom.js";
import { headName, inCell, number } from "./format.js";
import { onThemeChange } from "./theme.js";

/** Paints a lower-triangular pattern; the canvas has as many pixels as there are positions. */
function paintPattern(canvas, pattern, scale) {
  const size = pattern.length;
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(size, size);
  const empty = scale.rgb(0);
  for (let query = 0; query < size; query += 1) {
    for (let key = 0; key < size; key += 1) {
      const [red, green, blue] = key <= query ? scale.rgb(pattern[query][key]) : empty;
      const at = 4 * (query * size + key);
      image.data[at] = red;
      image.data[at + 1] = green;
      image.data[at + 2] = blue;
      image.data[at + 3] = 255;
    }
  }
  pen.putImageData(image, 0, 0);
}

/** The mean attention of a head at the cells where an induction head should look; null where there are none. */
export function stripeMean(pattern, stripe) {
  if (!stripe.length) return null;
  return stripe.reduce((sum, [query, key]) => sum + (pattern[query]?.[key] ?? 0), 0) / stripe.length;
}

/** All heads of a layer side by side; arrow keys go through them, Enter chooses. */
export function thumbnails({ heads, layer, selected, stripe, onSelect, signal }) {
  const scale = colorScale("sequential", 0, 1);
  const canvases = [];
  const buttons = heads.map(({ head, pattern }) => {
    const canvas = el("canvas", { "aria-hidden": "true" });
    canvases.push([canvas, pattern]);
    const share = stripeMean(pattern, stripe);
    const name = headName(layer, head);
    return el(
      "button",
      {
        type: "button",
        class: "thumbnail",
        tabindex: head === selected ? 0 : -1,
        "aria-pressed": head === selected ? "true" : "false",
        "aria-label": share === null ? name : `${name}, ${number(share)} on the induction stripe`,
        onclick: () => onSelect(head),
      },
      canvas,
      el("span", {}, name, share === null ? null : el("small", { title: "attention on the induction stripe" }, ` ${inCell(share, scale)}`)),
    );
  });
  const paint = () => canvases.forEach(([canvas, pattern]) => paintPattern(canvas, pattern, scale));
  paint();
  onThemeChange(paint, signal);
  return el("div", {
    class: "thumbnails",
    role: "toolbar",
    "aria-label": `Heads of layer ${layer}`,
    onkeydown: (event) => {
      const at = buttons.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (at < 0 || to === undefined || !buttons[to]) return;
      event.preventDefault();
      buttons[at].tabIndex = -1;
      buttons[to].tabIndex = 0;
      buttons[to].focus();
    },
  }, buttons);
}
