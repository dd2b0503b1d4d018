// Activation patching: what a head, or the stream at one place, carries from the clean to the corrupted prompt.
import { announce } from "../../ui/announcer.js";
import { bars } from "../../ui/bars.js";
import { aroundZero, colorScale } from "../../ui/color.js";
import { menu, numberField, segments, toolbar } from "../../ui/controls.js";
import { card, el, replace } from "../../ui/dom.js";
import { figuresOf } from "../../ui/figures.js";
import { count, fixed, headName, interval, number, tokenText } from "../../ui/format.js";
import { heatmap, legend } from "../../ui/heatmap.js";
import { runJob } from "../../ui/job.js";
import { emptyState, errorState, notes } from "../../ui/states.js";
import { table, tableBehind } from "../../ui/table.js";
import { causalPrompts, promptKinds, typedPrompts } from "../../questions.js";
import { alignedPair, madePair, pairForm } from "./pair.js";

const metrics = [["logit-diff", "logit difference"], ["loss", "loss"], ["prob", "probability"], ["kl", "divergence"]];
const directions = [
  ["denoising", "Denoising", "Take one activation from the clean run into the corrupted one: what is enough?"],
  ["noising", "Noising", "Take one activation from the corrupted run into the clean one: what is needed?"],
];
const corruptions = [["second", "the B after the first A"], ["first", "the first A"], ["cue", "the last A"]];
const pairFields = ["clean", "corrupted", "answer", "foil"];

export async function showPatch(host, context, what) {
  const asked = {
    source: context.get("source", "one"), prompts: context.get("prompts", "bigram"), corrupt: context.get("corrupt", "second"),
    n: context.int("n", 64), seed: context.int("seed", 42), metric: context.get("metric", "logit-diff"),
    direction: context.get("direction", "denoising"),
  };
  const pair = Object.fromEntries(pairFields.map((name) => [name, context.get(name)]));
  const form = el("div", {});
  const sides = el("div", {});
  const out = el("div", { class: "results" });
  let tokens = [];
  let turn = 0;
  // Every press makes another pair; the pair is in the address, not the number.
  let seed = 0;

  const change = (name) => (value) => {
    asked[name] = value;
    context.set({ [name]: value });
    if (name === "source") drawForm();
    run();
  };
  const drawForm = () => replace(form, asked.source === "one"
    ? pairForm(pair, () => {
      context.set(pair);
      run();
    }, () => {
      pair.clean = "";
      seed += 1;
      run();
    })
    : toolbar(
      menu("Prompts", promptKinds.map(([key]) => [key, key]), asked.prompts, change("prompts")),
      menu("Corrupted", corruptions, asked.corrupt, change("corrupt")),
      numberField("How many", { value: asked.n, min: 1, max: 5000 }, change("n")),
      numberField("Seed", { value: asked.seed, max: 999999999 }, change("seed")),
    ));

  async function run() {
    const mine = ++turn;
    try {
      if (asked.source === "one" && !pair.clean) {
        Object.assign(pair, await madePair(context, seed));
        context.set(pair);
        drawForm();
      }
      replace(sides);
      if (asked.source === "one") {
        if (!pair.corrupted || !pair.answer) {
          replace(out, emptyState("Something is missing.", "Patching needs a clean prompt, a corrupted one of as many tokens, and the answer."));
          return;
        }
        const aligned = await alignedPair(context, pair);
        if (mine !== turn) return;
        tokens = aligned.tokens;
        replace(sides, card("Clean and corrupted", aligned.node, aligned.isAligned ? null : el("p", { class: "warning" }, "The prompts differ in length: activations cannot be aligned.")));
      }
    } catch (error) {
      if (mine === turn && !context.signal.aborted) replace(out, errorState(error, run));
      return;
    }
    if (mine !== turn || context.signal.aborted) return;
    const prompts = asked.source === "one" ? typedPrompts(pair) : causalPrompts(asked.prompts, asked.n, asked.seed, asked.corrupt);
    const question = { comparison: { prompts, metric: asked.metric, direction: asked.direction }, seed: asked.seed };
    if (what === "positions") Object.assign(question, { components: { kind: "resid" }, isByPosition: true, positions: "all" });
    const label = `Patching ${what === "positions" ? "the stream of" : "every head of"} ${context.model}`;
    await runJob(out, context, { command: "patch", question, label }, (result, id, signal) => {
      draw(out, context, { result, id, what, tokens: asked.source === "one" ? tokens : [] }, signal);
    });
  }

  replace(
    host,
    toolbar(
      segments("Prompts", [["one", "One pair"], ["many", "Many, with intervals"]], asked.source, change("source")),
      segments("Direction", directions, asked.direction, change("direction")),
      menu("Read", metrics, asked.metric, change("metric")),
    ),
    form,
    sides,
    out,
  );
  drawForm();
  return run();
}

const nameOf = (part) => {
  if (part.head !== null) return headName(part.layer, part.head);
  return part.position === null ? `L${part.layer}` : `L${part.layer} at ${part.position}`;
};

function draw(host, context, shown, signal) {
  const { result, id, what, tokens } = shown;
  const column = what === "positions" ? "position" : "head";
  const list = result.results;
  const layers = Math.max(...list.map((part) => part.layer)) + 1;
  const columns = Math.max(...list.map((part) => part[column])) + 1;
  const grid = Array.from({ length: layers }, () => Array(columns).fill(null));
  for (const part of list) grid[part.layer][part[column]] = part;
  const recoveries = list.map((part) => part.recovery.mean);
  const within = recoveries.every((value) => value === null || (value >= -0.05 && value <= 1.1));
  const scale = within ? colorScale("sequential", 0, 1) : aroundZero(recoveries);
  const best = list.reduce((top, part) => ((part.recovery.mean ?? -Infinity) > (top.recovery.mean ?? -Infinity) ? part : top));
  const given = grid[context.int("layer", best.layer)]?.[context.int(column === "head" ? "head" : "at", best[column])];
  const detail = el("div", {});
  const recovery = (part) => part.recovery.undefined ?? number(part.recovery.mean);

  const choose = (layer, index) => {
    const part = grid[layer][index];
    map.select([layer, index]);
    drawPart(detail, context, result, part);
    announce(`${nameOf(part)}: recovery ${recovery(part)}`);
  };
  const labels = (place) => (tokens[place] ? `${place} ${tokenText(tokens[place].text)}` : String(place));
  const chosen = given ?? best;
  const map = heatmap({
    values: grid.map((row) => row.map((part) => (part ? part.recovery.mean ?? NaN : null))),
    rows: grid.map((_, layer) => `L${layer}`),
    columns: grid[0].map((_, index) => (what === "positions" ? labels(index) : `H${index}`)),
    columnTitle: what === "positions" ? "position" : null,
    scale,
    label: `Recovery by patching each ${what === "positions" ? "layer and position" : "head"}.`,
    maxCell: what === "positions" ? 48 : 88,
    selected: [chosen.layer, chosen[column]],
    signal,
    describe: (layer, index) => {
      const part = grid[layer][index];
      return [
        `${nameOf(part)}  recovery ${recovery(part)}`,
        `95% interval ${interval(part.recovery.low, part.recovery.high)}`,
        `patched ${number(part.patched)}, clean ${number(result.clean)}, corrupted ${number(result.corrupted)}`,
      ];
    },
    onSelect: (layer, index) => {
      context.set({ layer, [column === "head" ? "head" : "at"]: index });
      choose(layer, index);
    },
  });
  drawPart(detail, context, result, chosen);
  const ranked = list.toSorted((a, b) => (b.recovery.mean ?? -Infinity) - (a.recovery.mean ?? -Infinity));
  replace(
    host,
    el(
      "div",
      { class: what === "positions" ? "stack" : "columns" },
      card(
        "Recovery",
        legend(scale, "share of the difference made up for", signal),
        map.node,
        el("p", { class: "hint" }, `${count(result.prompts.predictions, "prediction")}, ${result.prompts.source}. A click chooses what the bars show.`),
        tableBehind("As a table", () => table("Recovery of every part", ["Part", "Recovery", "95% interval", "Patched"], ranked.map((part) => [nameOf(part), fixed(part.recovery.mean), interval(part.recovery.low, part.recovery.high), fixed(part.patched)]))),
      ),
      detail,
    ),
    notes(result.notes),
    figuresOf(id, context),
  );
}

function drawPart(host, context, result, part) {
  const name = nameOf(part);
  replace(host, card(
    `Clean, corrupted, patched: ${name}`,
    bars({
      label: `${result.metric} of the clean, the corrupted and the patched run`,
      name: "Run",
      value: result.metric,
      rows: [
        { name: "clean", value: result.clean, low: result.clean_low, high: result.clean_high, color: "var(--clean)" },
        { name: "corrupted", value: result.corrupted, low: result.corrupted_low, high: result.corrupted_high, color: "var(--corrupted)" },
        { name: "patched", value: part.patched, low: part.patched_low, high: part.patched_high, color: "var(--patched)" },
      ],
    }),
    el("p", { class: "reading" }, `Recovery ${part.recovery.undefined ? `undefined: ${part.recovery.undefined}` : `${number(part.recovery.mean)} (${interval(part.recovery.low, part.recovery.high)})`}, ${result.direction}, ${result.metric}.`),
    part.head === null ? null : el("a", { href: context.link("/attention", { layer: part.layer, head: part.head }) }, `Attention of ${name}`),
  ));
}
