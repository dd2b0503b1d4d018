// What a lens found, drawn: the top tokens of each layer, the target's way up, what wrote it.
import { bars } from "../../ui/bars.js";
import { colorScale, shade } from "../../ui/color.js";
import { card, el, replace } from "../../ui/dom.js";
import { figuresOf } from "../../ui/figures.js";
import { count, fixed, interval, number, short, tokenText } from "../../ui/format.js";
import { lineChart } from "../../ui/linechart.js";
import { notes } from "../../ui/states.js";
import { table } from "../../ui/table.js";

export function drawLens(host, context, { result, id }, signal) {
  replace(
    host,
    topTokens(result, signal),
    el(
      "div",
      { class: "columns" },
      wayUp(result, signal),
      result.aggregate.length && result.prompts.count > 1 ? summary(result, signal) : null,
      result.attribution ? written(context, result) : null,
    ),
    notes(result.notes),
    figuresOf(id, context, { open: true, only: ["table"], summary: "Top token by layer and position" }),
    figuresOf(id, context),
  );
}

const layerName = (layer, last) => (layer === 0 ? "embedding" : layer === last ? `after L${layer - 1}, the prediction` : `after L${layer - 1}`);

function topTokens(result, signal) {
  const last = result.layers.length - 1;
  const scale = colorScale("sequential", 0, 1);
  const target = result.example.target;
  const chip = ({ id, token, probability }) => {
    const cell = el(
      "span",
      { class: `lens-token${target && id === target.id ? " target" : ""}`, title: `id ${id}, probability ${number(probability)}` },
      el("span", { class: "lens-text" }, tokenText(token)),
      el("small", {}, ` ${number(probability, 2)}`),
    );
    shade(cell, scale, probability, signal);
    return cell;
  };
  const most = Math.max(...result.layers.map((row) => row.top.length));
  const heads = ["Layer", "Rank", "Probability", ...Array.from({ length: most }, (_, rank) => `top ${rank + 1}`)];
  const rows = result.layers.map((row) => [
    layerName(row.layer, last),
    row.target ? String(row.target.rank) : "–",
    row.target ? number(row.target.probability) : "–",
    ...row.top.map(chip),
  ]);
  const about = target
    ? `Target: ${tokenText(target.token)}. Position ${result.example.position}${result.prompts.count > 1 ? `, prompt ${result.example.prompt}` : ""}. `
    : `Position ${result.example.position}. No target is followed. `;
  const settled = result.convergence_layer === null ? "No layer is confident of the final token before the end." : `Confident from row ${result.convergence_layer} on.`;
  return card("Top tokens by layer", el("p", { class: "reading" }, about, settled), el("div", { class: "lens-table" }, table("Top tokens by layer", heads, rows)));
}

function wayUp(result, signal) {
  const chart = lineChart({
    label: "Probability of tokens by layer", x: "layer", y: "probability", height: 220, yDomain: [0, 1], dots: true, whole: true, signal,
  });
  const lines = result.paths.map((path) => ({
    name: tokenText(path.token), points: path.probabilities.map((y, x) => ({ x, y })),
  }));
  chart.set(lines.slice(0, 6));
  return card("The final top tokens, from layer to layer", chart.node);
}

function summary(result, signal) {
  const chart = lineChart({
    label: "Target's probability and how often it is first, by layer", x: "layer", y: "share", height: 220, yDomain: [0, 1], dots: true, whole: true, signal,
  });
  const line = (name, field) => ({
    name, points: result.aggregate.map((row) => ({ x: row.layer, y: row[field].mean, low: row[field].low, high: row[field].high })),
  });
  chart.set([line("target's probability", "probability"), line("target is first", "first")]);
  const rows = result.aggregate.map((row) => [
    String(row.layer), String(row.rank.median), `${short(row.rank.low)} to ${short(row.rank.high)}`, fixed(row.probability.mean), fixed(row.first.mean),
  ]);
  return card(
    `All ${count(result.prompts.predictions, "prediction")} of ${result.prompts.count} ${result.prompts.source}`,
    chart.node,
    table("By layer", ["Layer", "Median rank", "95% interval", "Probability", "First"], rows),
  );
}

function written(context, result) {
  const { components, example, logit_difference: whole } = result.attribution;
  const ranked = components.toSorted((a, b) => Math.abs(b.mean) - Math.abs(a.mean)).slice(0, 14);
  const between = example ? `${tokenText(example.answer.token)} minus ${tokenText(example.foil.token)}` : "answer minus foil";
  return card(
    "What wrote the answer",
    bars({
      label: "Direct logit attribution by component",
      name: "Component",
      value: "Logits",
      rows: ranked.map((part) => ({
        name: part.component,
        value: part.mean,
        low: part.low,
        high: part.high,
        href: part.kind === "head" ? context.link("/attention", { layer: part.layer, head: part.head, prompt: context.get("prompt") }) : null,
      })),
    }),
    el("p", { class: "hint" }, `Logit of ${result.prompts.count > 1 ? "answer minus foil, mean over predictions" : between}: ${number(whole.mean)} (${interval(whole.low, whole.high)}). The terms add up to it.`),
  );
}
