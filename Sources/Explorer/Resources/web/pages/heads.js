// Heads: the scorecard of all heads, one score at a time.
import { colorScale } from "../ui/color.js";
import { menu, numberField, segments, toolbar } from "../ui/controls.js";
import { card, el, replace } from "../ui/dom.js";
import { figuresOf } from "../ui/figures.js";
import { fixed, headName, interval, number } from "../ui/format.js";
import { heatmap, legend } from "../ui/heatmap.js";
import { runJob } from "../ui/job.js";
import { lineChart } from "../ui/linechart.js";
import { bars } from "../ui/bars.js";
import { emptyState, notes } from "../ui/states.js";
import { table, tableBehind } from "../ui/table.js";
import { promptKinds, scanPrompts } from "../questions.js";

const scores = [
  ["induction", "Induction", "A[t, s+1]: attention to what followed the earlier copy"],
  ["duplicate", "Duplicate", "A[t, s]: attention to the earlier copy itself"],
  ["previous", "Previous", "A[t, t-1]: attention to the token before"],
  ["first", "First", "A[t, 0]: attention to the first position"],
];
const shownRanks = 12;

export function show(root, context) {
  let score = scores.some(([name]) => name === context.get("score")) ? context.get("score") : "induction";
  const asked = { kind: context.get("kind", "repeat"), n: context.int("n", 100), seed: context.int("seed", 0) };
  let scan = null;
  const host = el("div", { class: "results" });
  const meaning = el("p", { class: "meaning" });
  const scoreText = () => replace(meaning, scores.find(([name]) => name === score)[2], ", mean over positions, then prompts. It says where a head looks, not what it causes.");

  const change = (name, value) => {
    asked[name] = value;
    context.set({ [name]: value });
    run();
  };
  root.append(
    el("h1", {}, "Heads"),
    toolbar(
      segments("Score", scores, score, (name) => {
        score = name;
        context.set({ score });
        scoreText();
        if (scan) draw();
      }),
      menu("Prompts", promptKinds.map(([key]) => [key, key]), asked.kind, (value) => change("kind", value)),
      numberField("How many", { value: asked.n, min: 1, max: 10000 }, (value) => change("n", value)),
      numberField("Seed", { value: asked.seed, max: 999999999 }, (value) => change("seed", value)),
    ),
    meaning,
    host,
  );

  function run() {
    // The four scores come from one pass: which of them is shown is no part of the question, so a switch asks nothing anew.
    const question = { prompts: scanPrompts(asked.kind, asked.n, asked.seed), seed: asked.seed };
    return runJob(host, context, { command: "scan", question, label: `Scanning ${context.model}` }, (result, id, signal) => {
      scan = { result, id, signal };
      draw();
    });
  }

  function draw() {
    const { result, id, signal } = scan;
    if (!result.heads.length) {
      replace(host, emptyState("This model has no heads.", "Choose another model above."));
      return;
    }
    replace(
      host,
      el(
        "div",
        { class: "columns heads-columns" },
        el("div", { class: "stack" }, scorecard(context, result, score, signal), depthProfile(result, score, signal)),
        ranking(context, result, score),
      ),
      notes(result.notes),
      figuresOf(id, context),
    );
  }

  scoreText();
  return run();
}

/** Rows of layers; a head that a layer lacks stays empty. */
function byLayer(result) {
  const layers = Math.max(...result.heads.map((head) => head.layer)) + 1;
  const count = Math.max(...result.heads.map((head) => head.head)) + 1;
  const grid = Array.from({ length: layers }, () => Array(count).fill(null));
  for (const head of result.heads) grid[head.layer][head.head] = head;
  return grid;
}

const pageOf = (context, layer, head) => context.link("/attention", { layer, head });

function scorecard(context, result, score, signal) {
  const grid = byLayer(result);
  const values = grid.map((row) => row.map((head) => head?.[score].mean ?? null));
  const scale = colorScale("sequential", 0, 1);
  const map = heatmap({
    values,
    rows: grid.map((_, layer) => `L${layer}`),
    columns: grid[0].map((_, head) => `H${head}`),
    scale,
    label: `${score} score of every head of ${result.model}.`,
    signal,
    maxCell: 88,
    describe: (layer, index) => {
      const head = grid[layer][index];
      return [
        `${headName(layer, index)}  ${score} ${number(head[score].mean)}`,
        `95% interval ${interval(head[score].low, head[score].high)}`,
        ...scores.filter(([name]) => name !== score).map(([name]) => `${name} ${number(head[name].mean)}`),
      ];
    },
    onSelect: (layer, head) => context.router.go(pageOf(context, layer, head)),
  });
  const rows = () => result.heads.map((head) => [
    headName(head.layer, head.head),
    ...scores.flatMap(([name]) => [fixed(head[name].mean), interval(head[name].low, head[name].high)]),
  ]);
  return card(
    "Scorecard",
    legend(scale, `${score} score`, signal),
    map.node,
    el("p", { class: "hint" }, "Click a head to see its attention."),
    tableBehind("As a table", () => table("Scores of all heads", ["Head", ...scores.flatMap(([, name]) => [name, "95% interval"])], rows())),
  );
}

function ranking(context, result, score) {
  const ranked = result.heads.toSorted((a, b) => (b[score].mean ?? -1) - (a[score].mean ?? -1));
  const list = el("div", {});
  const draw = (all) => replace(
    list,
    bars({
      label: `Heads by ${score} score`,
      name: "Head",
      value: "Score",
      domain: [0, 1],
      rows: (all ? ranked : ranked.slice(0, shownRanks)).map((head) => ({
        name: headName(head.layer, head.head),
        href: pageOf(context, head.layer, head.head),
        value: head[score].mean,
        low: head[score].low,
        high: head[score].high,
      })),
    }),
    !all && ranked.length > shownRanks && el("button", { type: "button", onclick: () => draw(true) }, `All ${ranked.length} heads`),
  );
  draw(false);
  return card(`Ranked by ${score}`, list, el("p", { class: "hint" }, `${result.interval}; ${result.prompts.count} ${result.prompts.source}.`));
}

function depthProfile(result, score, signal) {
  const grid = byLayer(result);
  const present = grid.map((row) => row.filter((head) => head && Number.isFinite(head[score].mean)).map((head) => head[score].mean));
  const chart = lineChart({
    label: `Highest and mean ${score} score by layer`, x: "layer", y: "score", height: 190, yDomain: [0, 1], dots: true, whole: true, signal,
  });
  const line = (name, read) => ({ name, points: present.flatMap((row, x) => (row.length ? [{ x, y: read(row) }] : [])) });
  const node = card("Depth profile", chart.node);
  chart.set([
    line("highest head", (row) => Math.max(...row)),
    line("mean of the layer", (row) => row.reduce((sum, value) => sum + value, 0) / row.length),
  ]);
  return node;
}
