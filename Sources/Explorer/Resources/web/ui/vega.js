// Vega, Vega-Lite and vega-embed: one bundle, which set-up made. It is asked for when the first chart is drawn, not before,
// so that a page without charts does not wait for it. No expression is compiled (`ast`): the page allows no `eval`.
import { hideTip, showTip } from "./tip.js";

let bundle = null;

async function load() {
  const module = await import("/assets/vega.js").catch(() => ({}));
  const embed = module.vegaEmbed ?? module.default ?? window.vegaEmbed;
  if (embed) return embed;
  const error = new Error("Charts are drawn by a bundle that 'make setup' makes, and it is not there. The numbers do not need it.");
  error.code = "no_vega";
  throw error;
}

/** A mark's values in the page's own tooltip, as text. */
function tell(_, event, mark, value) {
  if (value === null || value === undefined || value === "") return hideTip();
  const lines = typeof value === "object" ? Object.entries(value).map(([name, told]) => `${name}: ${told}`) : [String(value)];
  return showTip(lines, event.clientX, event.clientY);
}

/**
 * Draws a Vega-Lite spec into an element.
 * @returns {Promise<{view: object, finalize: () => void}>} the view, for who changes its data
 */
export async function embedChart(host, spec, options = {}) {
  const embed = await (bundle ??= load());
  return embed(host, spec, { ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: tell, ...options });
}
