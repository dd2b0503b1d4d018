// Circuit: which heads write what later heads read, and what the weights of each head do.
import { aroundZero } from "../ui/color.js";
import { menu, numberField, segments, toolbar } from "../ui/controls.js";
import { card, el, replace } from "../ui/dom.js";
import { figuresOf } from "../ui/figures.js";
import { fixed, headName, interval, number } from "../ui/format.js";
import { heatmap, legend } from "../ui/heatmap.js";
import { runJob } from "../ui/job.js";
import { emptyState, notes } from "../ui/states.js";
import { table, tableBehind } from "../ui/table.js";
import { edgeGraph } from "./circuit/graph.js";
import { causalPrompts, promptKinds } from "../questions.js";

const inputs = [["all", "All"], ["q", "Queries"], ["k", "Keys"], ["v", "Values"]];
const shownEdges = 16;
/** A direction: what stands in the switch, what is measured, what the numbers are called. */
const directions = {
  noising: {
    name: "Noising",
    about: "Taken away by one path: what the sender writes is taken from the corrupted run and reaches one input of one receiver; all else stays clean. Which paths are needed?",
    measure: "Taken away",
    dashed: "dashed brings back",
  },
  denoising: {
    name: "Denoising",
    about: "Brought back by one path: what the sender writes is taken from the clean run and reaches one input of one receiver; all else stays corrupted. Which paths are enough?",
    measure: "Brought back",
    dashed: "dashed takes away",
  },
};

export function show(root, context) {
  const edges = el("div", { class: "results" });
  const weights = el("div", { class: "results" });
  root.append(el("h1", {}, "Circuit"));
  const started = showEdges(root, edges, context);
  root.append(el("h2", { class: "part" }, "What the weights do"));
  const second = showWeights(root, weights, context);
  return Promise.all([started, second]);
}

function showEdges(root, host, context) {
  const asked = { prompts: context.get("prompts", "bigram"), n: context.int("n", 64), seed: context.int("seed", 42) };
  let direction = Object.hasOwn(directions, context.get("direction")) ? context.get("direction") : "noising";
  const about = el("p", { class: "meaning" });
  let input = inputs.some(([name]) => name === context.get("input")) ? context.get("input") : "all";
  let found = null;
  const change = (name) => (value) => {
    asked[name] = value;
    context.set({ [name]: value });
    run();
  };
  const run = () => {
    replace(about, directions[direction].about, " An induction head's keys take it from a previous-token head.");
    const question = {
      comparison: { prompts: causalPrompts(asked.prompts, asked.n, asked.seed, "first"), metric: "logit-diff", direction },
      seed: asked.seed,
    };
    return runJob(host, context, { command: "paths", question, label: `Patching paths of ${context.model}` }, (result, id, signal) => {
      found = { result, id, signal };
      drawEdges(host, context, found, input);
    });
  };
  root.append(
    toolbar(
      segments("Direction", Object.entries(directions).map(([key, { name }]) => [key, name]), direction, (chosen) => {
        direction = chosen;
        context.set({ direction });
        run();
      }),
      segments("Input of the receiver", inputs, input, (chosen) => {
        input = chosen;
        context.set({ input });
        if (found) drawEdges(host, context, found, input);
      }),
      menu("Prompts", promptKinds.map(([key]) => [key, key]), asked.prompts, change("prompts")),
      numberField("How many", { value: asked.n, min: 1, max: 5000 }, change("n")),
      numberField("Seed", { value: asked.seed, max: 999999999 }, change("seed")),
    ),
    about,
    host,
  );
  return run();
}

function drawEdges(host, context, { result, id, signal }, input) {
  const list = result.results
    .filter((path) => input === "all" || path.receiver.input === input)
    .toSorted((a, b) => Math.abs(b.recovery.mean ?? 0) - Math.abs(a.recovery.mean ?? 0));
  if (!list.length) {
    replace(host, emptyState("No path.", "A model of one layer has no head that could write to another; or this input has none."));
    return;
  }
  const { measure, dashed } = directions[result.direction];
  const name = (path) => `${headName(path.sender.layer, path.sender.head)} → ${headName(path.receiver.layer, path.receiver.head)} ${path.receiver.input.toUpperCase()}`;
  const rows = list.slice(0, 200).map((path) => [
    name(path), path.recovery.undefined ?? number(path.recovery.mean), interval(path.recovery.low, path.recovery.high),
  ]);
  const ranked = (some) => table(`Paths by what is ${measure.toLowerCase()}`, ["Path", measure, "95% interval"], some);
  replace(
    host,
    el(
      "div",
      { class: "columns" },
      card(
        "Paths from head to head",
        edgeGraph({
          paths: list.slice(0, shownEdges), measure, layers: context.info?.layers, heads: context.info?.heads, name,
          onHead: (layer, head) => context.router.go(context.link("/attention", { layer, head })), signal,
        }),
        el("p", { class: "hint" }, `The ${Math.min(shownEdges, list.length)} strongest of ${list.length} paths; receivers: ${result.receivers.join(", ")} (${result.receivers_chosen_by}). Thicker is more; ${dashed}.`),
      ),
      card(measure, ranked(rows.slice(0, 12)), rows.length > 12 ? tableBehind("All of them", () => ranked(rows)) : null),
    ),
    notes(result.notes),
    figuresOf(id, context),
  );
}

function showWeights(root, host, context) {
  let measure = context.get("weights", "ov");
  let found = null;
  root.append(host);
  const choose = (name) => {
    measure = name;
    context.set({ weights: name });
    draw();
  };
  const draw = () => drawWeights(host, context, found, measure, choose);
  return runJob(host, context, { command: "circuits", question: {}, label: `Reading the weights of ${context.model}` }, (result, id, signal) => {
    found = { result, id, signal };
    draw();
  });
}

/** What can be shown of a head's weights: a name, what it says, and how to read it. */
function measuresOf(result) {
  const offsets = result.heads[0]?.qk.map((circuit) => circuit.offset) ?? [];
  const place = (offset) => (offset === null ? "" : ` at ${offset}`);
  return [
    ["ov", "OV copying", (head) => head.ov.copying_score],
    ["ovlogits", "OV copying by logits", (head) => head.ov.copying_score_by_logits],
    ...offsets.map((offset, index) => [`qk${index}`, `QK matching${place(offset)}`, (head) => head.qk[index]?.matching_score]),
    ...result.composition.matrices
      .filter((matrix) => matrix.offset === null || matrix.offset === (result.offsets ?? []).at(-1))
      .map((matrix) => [`c${matrix.kind}`, `${matrix.kind.toUpperCase()} composition`, null, matrix]),
  ];
}

function drawWeights(host, context, { result, id, signal }, measure, choose) {
  if (!result.heads.length) {
    replace(host, emptyState("This model has no heads.", "Choose another model above."));
    return;
  }
  const measures = measuresOf(result);
  const [key, title, read, matrix] = measures.find(([name]) => name === measure) ?? measures[0];
  const columns = ["Head", "OV copying", "OV norm", "by logits", ...result.heads[0].qk.flatMap(({ offset }) => [`QK matching${offset === null ? "" : ` at ${offset}`}`, "QK norm"])];
  const rows = () => result.heads.map((head) => [
    headName(head.layer, head.head), fixed(head.ov.copying_score), number(head.ov.norm), fixed(head.ov.copying_score_by_logits),
    ...head.qk.flatMap((circuit) => [fixed(circuit.matching_score), number(circuit.norm)]),
  ]);
  replace(
    host,
    segments("What is shown of the weights", measures.map(([name, text]) => [name, text]), key, choose),
    card(
      title,
      matrix ? compositionMap(context, matrix, signal) : headMap(context, result, title, read, signal),
      tableBehind("As a table", () => table("Heads by their weights", columns, rows())),
    ),
    notes(result.notes),
    figuresOf(id, context),
  );
}

function headMap(context, result, title, read, signal) {
  const layers = Math.max(...result.heads.map((head) => head.layer)) + 1;
  const count = Math.max(...result.heads.map((head) => head.head)) + 1;
  const grid = Array.from({ length: layers }, () => Array(count).fill(null));
  for (const head of result.heads) grid[head.layer][head.head] = head;
  const scale = aroundZero([...result.heads.map(read), 1]);
  const map = heatmap({
    values: grid.map((row) => row.map((head) => (head ? read(head) ?? NaN : null))),
    rows: grid.map((_, layer) => `L${layer}`),
    columns: grid[0].map((_, head) => `H${head}`),
    scale,
    label: `${title} of every head.`,
    maxCell: 88,
    signal,
    describe: (layer, index) => {
      const head = grid[layer][index];
      return [
        `${headName(layer, index)}  ${title} ${number(read(head))}`,
        `OV norm ${number(head.ov.norm)}`,
        ...head.qk.map((circuit) => `QK matching${circuit.offset === null ? "" : ` at ${circuit.offset}`} ${number(circuit.matching_score)}`),
      ];
    },
    onSelect: (layer, head) => context.router.go(context.link("/attention", { layer, head })),
  });
  return [legend(scale, title, signal), map.node];
}

function compositionMap(context, matrix, signal) {
  const key = ({ layer, head }) => headName(layer, head);
  const order = (heads) => [...new Map(heads.map((head) => [key(head), head])).values()].sort((a, b) => a.layer - b.layer || a.head - b.head);
  const earlier = order(matrix.highest.map((pair) => pair.earlier));
  const later = order(matrix.highest.map((pair) => pair.later));
  const scoreOf = new Map(matrix.highest.map((pair) => [`${key(pair.later)} ${key(pair.earlier)}`, pair.score]));
  const scale = aroundZero(matrix.highest.map((pair) => pair.score));
  const at = (row, column) => scoreOf.get(`${key(later[row])} ${key(earlier[column])}`);
  const map = heatmap({
    values: later.map((_, row) => earlier.map((_, column) => at(row, column) ?? null)),
    rows: later.map(key),
    columns: earlier.map(key),
    rowTitle: "later",
    columnTitle: "earlier",
    scale,
    label: `${matrix.kind.toUpperCase()} composition of earlier with later heads.`,
    maxCell: 72,
    signal,
    describe: (row, column) => [`${key(earlier[column])} → ${key(later[row])}`, `composition ${number(at(row, column))}`],
    onSelect: (row) => context.router.go(context.link("/attention", { layer: later[row].layer, head: later[row].head })),
  });
  const shown = matrix.highest.length < matrix.pairs ? el("p", { class: "hint" }, `The ${matrix.highest.length} highest of ${matrix.pairs} pairs.`) : null;
  return [legend(scale, "minus that of random heads", signal), map.node, shown];
}
