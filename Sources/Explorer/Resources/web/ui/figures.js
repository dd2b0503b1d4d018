// The figures of analyses, as the command line draws them: the same Vega-Lite specs.
import { get } from "../api.js";
import { el, replace } from "./dom.js";
import { errorState, loadingState } from "./states.js";
import { embedChart } from "./vega.js";

/** All figures of work that is done, behind a disclosure: they are asked for when it is opened. */
export function figuresOf(id, context, { open = false, only = null, summary = "Figures, as in the run directory" } = {}) {
  const host = el("div", { class: "figures" });
  const details = el("details", { class: "behind", open }, el("summary", {}, summary), host);
  const draw = async () => {
    replace(host, loadingState("Drawing"));
    try {
      const { figures } = await get(`/api/work/${encodeURIComponent(id)}/figures`, context.signal);
      await drawFigures(host, only ? figures.filter((figure) => only.includes(figure.name)) : figures);
    } catch (error) {
      if (!context.signal.aborted) replace(host, errorState(error, error.code === "no_vega" ? null : draw));
    }
  };
  let asked = false;
  const opened = () => {
    if (!details.open || asked) return;
    asked = true;
    draw();
  };
  details.addEventListener("toggle", opened);
  opened();
  return details;
}

/** Draws figures one after the other; `figures` is the list of the API and of a run's figures.json. */
export async function drawFigures(host, figures) {
  replace(host);
  if (!figures.length) {
    host.append(el("p", { class: "quiet" }, "This analysis has no figure."));
    return;
  }
  host.setAttribute("aria-busy", "true");
  try {
    for (const { name, spec } of figures) {
      const paper = el("div", { class: "paper" });
      host.append(el("figure", {}, paper, figures.length > 1 && el("figcaption", {}, name)));
      await embedChart(paper, spec);
    }
  } finally {
    host.removeAttribute("aria-busy");
  }
}
