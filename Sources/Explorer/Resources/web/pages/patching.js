// Patching and ablation: change what heads do, and see what becomes of the prediction.
import { segments } from "../ui/controls.js";
import { el, replace } from "../ui/dom.js";
import { errorState, loadingState } from "../ui/states.js";
import { showAblate } from "./patching/ablate.js";
import { showOff } from "./patching/off.js";
import { showPatch } from "./patching/patch.js";

const kinds = {
  off: ["Switch off", "Switch heads off by click and see the next token change", showOff],
  patch: ["Patch heads", "Move a head's output between a clean and a corrupted prompt", (host, context) => showPatch(host, context, "head")],
  positions: ["Patch positions", "Move the residual stream at one layer and position", (host, context) => showPatch(host, context, "positions")],
  ablate: ["Ablate all", "Cut every head by itself and measure the loss", showAblate],
};

export function show(root, context) {
  let kind = Object.hasOwn(kinds, context.get("kind")) ? context.get("kind") : "off";
  const host = el("div", { class: "results" });
  let visit = null;

  async function open() {
    visit?.abort();
    visit = new AbortController();
    // Each kind of experiment is a visit of its own: its work ends when another is chosen.
    const inner = Object.create(context, {
      signal: { value: AbortSignal.any([context.signal, visit.signal]) },
    });
    const part = el("div", { class: "results" }, loadingState());
    replace(host, part);
    try {
      await kinds[kind][2](part, inner);
    } catch (error) {
      if (!inner.signal.aborted) replace(part, errorState(error, open));
    }
  }

  root.append(
    el("h1", {}, "Patching and ablation"),
    segments("Kind of experiment", Object.entries(kinds).map(([key, [text, hint]]) => [key, text, hint]), kind, (chosen) => {
      kind = chosen;
      context.set({ kind, layer: null, head: null, at: null });
      open();
    }),
    host,
  );
  return open();
}
