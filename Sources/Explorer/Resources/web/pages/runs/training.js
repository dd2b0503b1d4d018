// A training run as it goes on, or again from its start: losses, accuracies and head scores, with the transition marked.
import { announce } from "../../ui/announcer.js";
import { button, menu, segments, toolbar } from "../../ui/controls.js";
import { card, el, replace } from "../../ui/dom.js";
import { headName, number, short } from "../../ui/format.js";
import { lineChart } from "../../ui/linechart.js";

const speeds = [["10", "10 a second"], ["20", "20 a second"], ["50", "50 a second"]];
const scoreNames = [["induction", "Induction"], ["previous", "Previous"], ["duplicate", "Duplicate"], ["ov_score", "OV copying"], ["qk_score", "QK matching"]];

/** `onFinished` is called when a run that was going has ended. */
export function showTraining(host, context, run, onFinished) {
  const view = {
    mode: context.get("replay") ? "replay" : "live", speed: context.get("replay", "20"),
    score: scoreNames.some(([name]) => name === context.get("score")) ? context.get("score") : "induction",
  };
  // The whole way from the start, so that lines grow into it and the mark stays where it is.
  const steps = run.config?.training?.steps;
  const xDomain = steps ? [0, steps] : undefined;
  const charts = {
    loss: lineChart({ label: "Loss over training", x: "step", y: "loss (nats)", height: 210, xDomain, signal: context.signal }),
    accuracy: lineChart({ label: "Accuracy over training", x: "step", y: "accuracy", height: 210, xDomain, yDomain: [0, 1], signal: context.signal }),
    heads: lineChart({ label: "Score of every head over training", x: "step", y: "score", height: 260, xDomain, signal: context.signal }),
  };
  const status = el("p", { class: "reading", role: "status" });
  const speedHost = el("span", {});
  let source = null;
  let evaluations = [];
  let transition = null;
  let finished = null;
  let waiting = 0;

  function open() {
    source?.close();
    evaluations = [];
    transition = null;
    finished = null;
    drawSpeed();
    const path = `/api/runs/${encodeURIComponent(run.id)}/events${view.mode === "replay" ? `?replay=${encodeURIComponent(view.speed)}` : ""}`;
    source = new EventSource(path);
    source.addEventListener("evaluation", (event) => {
      evaluations.push(JSON.parse(event.data));
      redraw();
    });
    source.addEventListener("transition", (event) => {
      transition = JSON.parse(event.data);
      announce(sentence(transition));
      redraw();
    });
    source.addEventListener("finished", (event) => {
      finished = JSON.parse(event.data);
      // The whole run says more than what was known while it went on.
      transition = finished.transition ?? transition;
      source.close();
      redraw();
      onFinished();
    });
    source.onerror = () => {
      // A stream that comes back begins anew: that is for the user to ask, not for the browser to do every few seconds.
      source.close();
      if (!finished) replace(status, progress(), " The stream ended before the run did. ", button("Follow again", open));
    };
    redraw();
  }

  // Many evaluations come at once at the start: one picture a frame.
  const redraw = () => {
    if (waiting) return;
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      if (!context.signal.aborted) draw();
    });
  };

  function draw() {
    const line = (name, read, more = {}) => ({ name, points: evaluations.flatMap((one) => (Number.isFinite(read(one)) ? [{ x: one.step, y: read(one) }] : [])), ...more });
    const mark = transition?.found ? { from: transition.low, to: transition.high, name: "transition" } : null;
    charts.loss.set([line("evaluation", (one) => one.loss), line("training", (one) => one.training?.loss)], mark);
    charts.accuracy.set([line("pattern tokens", (one) => one.accuracy?.pattern), line("random tokens", (one) => one.accuracy?.random)], mark);
    const heads = evaluations[0]?.heads ?? [];
    const final = evaluations.at(-1)?.heads ?? [];
    const order = heads.map((_, index) => index).sort((a, b) => (final[b]?.[view.score] ?? -2) - (final[a]?.[view.score] ?? -2));
    charts.heads.set(order.map((index, rank) => line(headName(heads[index].layer, heads[index].head), (one) => one.heads[index]?.[view.score], rank < 6 ? {} : { quiet: true, color: "var(--line)" })), mark);
    replace(status, progress(), " ", transition ? sentence(transition) : "");
  }

  function progress() {
    const last = evaluations.at(-1);
    if (!last) return "Waiting for the first evaluation.";
    const where = steps ? `step ${last.step} of ${steps}` : `step ${last.step}`;
    const follows = run.state === "stopped" ? "Stopped" : "Following";
    return `${finished ? "Finished" : view.mode === "replay" ? "Replaying" : follows}: ${where}, loss ${number(last.loss)}.`;
  }

  function drawSpeed() {
    replace(speedHost, view.mode === "replay" && menu("Speed", speeds, view.speed, (speed) => {
      view.speed = speed;
      context.set({ replay: speed });
      open();
    }));
  }

  replace(
    host,
    toolbar(
      segments("How it is shown", [["live", "Live"], ["replay", "Replay"]], view.mode, (mode) => {
        view.mode = mode;
        context.set({ replay: mode === "replay" ? view.speed : null });
        open();
      }),
      speedHost,
    ),
    status,
    el("div", { class: "columns" }, card("Loss", charts.loss.node), card("Accuracy", charts.accuracy.node)),
    card("Heads", segments("Score", scoreNames, view.score, (score) => {
      view.score = score;
      context.set({ score });
      draw();
    }), charts.heads.node),
  );
  context.signal.addEventListener("abort", () => source?.close());
  open();
}

function sentence(transition) {
  if (!transition.found) return "No transition has been found.";
  return `Induction heads formed between step ${short(transition.low)} and ${short(transition.high)}${transition.onset === undefined || transition.onset === null ? "" : `, onset at ${short(transition.onset)}`}.`;
}
