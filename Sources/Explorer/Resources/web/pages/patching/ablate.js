// Every head (or block) cut by itself: what the loss on made prompts goes up by.
import { bars } from "../../ui/bars.js";
import { aroundZero } from "../../ui/color.js";
import { menu, numberField, toolbar } from "../../ui/controls.js";
import { card, el, replace } from "../../ui/dom.js";
import { figuresOf } from "../../ui/figures.js";
import { count, fixed, headName, interval, number } from "../../ui/format.js";
import { heatmap, legend } from "../../ui/heatmap.js";
import { runJob } from "../../ui/job.js";
import { notes } from "../../ui/states.js";
import { table, tableBehind } from "../../ui/table.js";
import { causalPrompts, promptKinds } from "../../questions.js";

const modes = [
  ["zero", "zero"], ["mean", "mean by position"], ["mean-all", "mean over all"],
  ["resample", "from another prompt"], ["pattern-preserving", "zero, patterns kept"],
];
const parts = [["head", "heads"], ["attn", "attention blocks"], ["mlp", "MLPs"], ["layer", "layers"]];

const nameOf = (part) => (part.head === null ? `L${part.layer} ${part.component}` : headName(part.layer, part.head));

export function showAblate(host, context) {
  const asked = {
    prompts: context.get("prompts", "bigram"), n: context.int("n", 64), seed: context.int("seed", 42),
    mode: context.get("mode", "zero"), part: context.get("part", "head"),
  };
  const out = el("div", { class: "results" });
  const change = (name) => (value) => {
    asked[name] = value;
    context.set({ [name]: value });
    run();
  };
  const run = () => runJob(out, context, {
    command: "ablate",
    label: `Cutting every part of ${context.model}`,
    question: {
      prompts: causalPrompts(asked.prompts, asked.n, asked.seed), components: { kind: asked.part }, mode: asked.mode, seed: asked.seed,
    },
  }, (result, id, signal) => draw(out, context, result, id, signal));
  replace(
    host,
    toolbar(
      menu("Cut", parts, asked.part, change("part")),
      menu("How", modes, asked.mode, change("mode")),
      menu("Prompts", promptKinds.map(([key]) => [key, key]), asked.prompts, change("prompts")),
      numberField("How many", { value: asked.n, min: 1, max: 5000 }, change("n")),
      numberField("Seed", { value: asked.seed, max: 999999999 }, change("seed")),
    ),
    el("p", { class: "meaning" }, "Delta loss is ablated minus base cross-entropy in nats: positive says that the part helped."),
    out,
  );
  return run();
}

function draw(host, context, result, id, signal) {
  const list = result.results;
  const layers = Math.max(...list.map((part) => part.layer)) + 1;
  const columns = Math.max(0, ...list.map((part) => part.head ?? 0)) + 1;
  const grid = Array.from({ length: layers }, () => Array(columns).fill(null));
  for (const part of list) grid[part.layer][part.head ?? 0] = part;
  const scale = aroundZero(list.map((part) => part.delta_loss));
  const open = (layer, head) => grid[layer][head].head !== null && context.router.go(context.link("/attention", { layer, head }));
  const map = heatmap({
    values: grid.map((row) => row.map((part) => part?.delta_loss ?? null)),
    rows: grid.map((_, layer) => `L${layer}`),
    columns: columns > 1 ? grid[0].map((_, head) => `H${head}`) : [result.component],
    scale,
    label: "Change of the loss by cutting each part.",
    maxCell: 88,
    signal,
    describe: (layer, head) => {
      const part = grid[layer][head];
      return [`${nameOf(part)}  delta loss ${number(part.delta_loss)}`, `95% interval ${interval(part.low, part.high)}`, `p ${number(part.p)}, q ${number(part.q)}`];
    },
    onSelect: open,
  });
  const ranked = list.toSorted((a, b) => b.delta_loss - a.delta_loss);
  replace(
    host,
    el("p", { class: "reading" }, `Loss as it is: ${number(result.base.loss)} nats (${interval(result.base.loss_low, result.base.loss_high)}); ${count(result.prompts.predictions, "prediction")} of ${result.prompts.count} ${result.prompts.source}.`),
    el(
      "div",
      { class: "columns" },
      card(
        "Delta loss",
        legend(scale, "nats", signal),
        map.node,
        tableBehind("As a table", () => table("Delta loss of every part", ["Part", "Delta loss", "95% interval", "p", "q"], ranked.map((part) => [nameOf(part), fixed(part.delta_loss, 4), interval(part.low, part.high), number(part.p), number(part.q)]))),
      ),
      card("Ranked", bars({
        label: "Parts by delta loss", name: "Part", value: "Delta loss",
        rows: ranked.slice(0, 12).map((part) => ({ name: nameOf(part), value: part.delta_loss, low: part.low, high: part.high, mark: part.q < 0.05 ? "sure" : null })),
      }), el("p", { class: "hint" }, `${result.interval}. A star marks q below 0.05 (${result.test}).`)),
    ),
    notes(result.notes),
    figuresOf(id, context),
  );
}
