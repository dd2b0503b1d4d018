// Runs: what the commands have written, as a list; one of them in detail.
import { get } from "../api.js";
import { segments, toolbar } from "../ui/controls.js";
import { el, replace } from "../ui/dom.js";
import { emptyState, errorState, loadingState } from "../ui/states.js";
import { table } from "../ui/table.js";
import { showRun } from "./runs/detail.js";

const kinds = [["all", "All"], ["training", "Training"], ["analysis", "Analyses"]];
const states = { done: "done", going: "going on", stopped: "stopped" };

export async function show(root, context) {
  if (context.rest) {
    await showRun(root, context, decodeURIComponent(context.rest));
    return;
  }
  let only = context.get("only", "all");
  const host = el("div", {}, loadingState("Looking for runs"));
  let runs = [];

  function draw() {
    const shown = runs.filter((run) => only === "all" || run.kind === only);
    if (!runs.length) {
      replace(host, emptyState("No run is here yet.", "Commands write theirs to outputs/runs: 'induct scan', 'induct train --preset quick'. They appear here."));
      return;
    }
    if (!shown.length) {
      replace(host, emptyState("No run of this kind.", "Choose another kind."));
      return;
    }
    replace(host, el("div", { class: "card" }, table("Runs", ["Run", "Command", "State", "Changed"], shown.map((run) => [
      el("a", { href: context.link(`/runs/${encodeURIComponent(run.id)}`) }, run.id),
      run.command ?? run.kind,
      el("span", { class: `badge ${run.state}` }, states[run.state] ?? run.state),
      timeOf(run.modified),
    ]))));
  }

  async function read() {
    try {
      ({ runs } = await get("/api/runs", context.signal));
      draw();
    } catch (error) {
      if (!context.signal.aborted) replace(host, errorState(error, read));
    }
  }

  root.append(
    el("h1", {}, "Runs"),
    toolbar(segments("Kind of run", kinds, only, (chosen) => {
      only = chosen;
      context.set({ only });
      draw();
    })),
    host,
  );
  await read();
}

function timeOf(text) {
  const time = new Date(text);
  if (Number.isNaN(time.valueOf())) return text ?? "";
  return el("time", { datetime: text }, time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }));
}
