// Attention: where the heads of a layer look in one prompt.
import { post } from "../api.js";
import { sizesOf } from "../sizes.js";
import { announce } from "../ui/announcer.js";
import { colorScale } from "../ui/color.js";
import { segments, menu, toolbar } from "../ui/controls.js";
import { card, el, replace } from "../ui/dom.js";
import { fixed, headName, number, tokenText } from "../ui/format.js";
import { heatmap, legend } from "../ui/heatmap.js";
import { promptForm, promptOf } from "../ui/prompt.js";
import { emptyState, errorState, loadingState } from "../ui/states.js";
import { table, tableBehind } from "../ui/table.js";
import { stripeMean, thumbnails } from "../ui/thumbnail.js";
import { tokenChips } from "../ui/tokens.js";

export async function show(root, context) {
  const view = { layer: context.int("layer", 0), head: context.int("head", 0), query: context.int("q", null) };
  const formHost = el("div", {});
  const layerHost = el("div", {});
  const host = el("div", { class: "results" }, loadingState("Reading the prompt"));
  let seen = null;
  let asking = null;
  let drawing = null;
  root.append(el("h1", {}, "Attention"), formHost, layerHost, host);

  const fail = (error) => !context.signal.aborted && replace(host, errorState(error, ask));
  const drawForm = (text) => replace(formHost, promptForm(context, text, submit, fail));

  function submit(text) {
    view.query = null;
    context.set({ prompt: text, q: null });
    return ask();
  }

  function drawLayers(layers) {
    if (layers < 2) return;
    const options = Array.from({ length: layers }, (_, layer) => [String(layer), `L${layer}`]);
    const choose = (layer) => {
      view.layer = Number(layer);
      context.set({ layer });
      ask();
    };
    // Many layers do not fit side by side.
    replace(layerHost, toolbar(
      layers <= 16 ? el("span", { class: "field-name" }, "Layer") : null,
      (layers <= 16 ? segments : menu)("Layer", options, String(view.layer), choose),
    ));
  }

  async function ask() {
    const prompt = context.get("prompt");
    if (!prompt.trim()) {
      replace(host, emptyState("No prompt.", "Type one above, or let one be made."));
      return;
    }
    asking?.abort();
    const own = new AbortController();
    asking = own;
    // Asked in a moment: the last picture stays until the new one is there.
    if (!seen) replace(host, loadingState("Reading the prompt"));
    try {
      const answer = await post(
        "/api/attention",
        { model: context.model, prompt, layers: [view.layer] },
        AbortSignal.any([context.signal, own.signal]),
      );
      if (own.signal.aborted || context.signal.aborted) return;
      seen = answer;
      draw();
    } catch (error) {
      if (!own.signal.aborted) fail(error);
    }
  }

  function draw() {
    drawing?.abort();
    drawing = new AbortController();
    const heads = seen.layers[0]?.heads ?? [];
    if (!heads.length) {
      replace(host, emptyState("This layer has no heads.", "Choose another layer."));
      return;
    }
    const head = heads.find((one) => one.head === view.head) ?? heads[0];
    view.head = head.head;
    if (view.query !== null && view.query >= seen.tokens.length) view.query = null;
    const choose = (index) => {
      view.head = index;
      context.set({ layer: view.layer, head: index });
      announce(`Head ${headName(view.layer, index)}`);
      draw();
      host.querySelector(".thumbnail[aria-pressed=true]")?.focus();
    };
    const signal = AbortSignal.any([context.signal, drawing.signal]);
    replace(
      host,
      thumbnails({ heads, layer: view.layer, selected: view.head, stripe: seen.stripe, onSelect: choose, signal }),
      headView(context, view, seen, head, signal),
    );
  }

  try {
    const prompt = await promptOf(context);
    drawForm(prompt);
    drawLayers((await sizesOf(context, prompt)).layers);
    await ask();
  } catch (error) {
    if (!formHost.childElementCount) drawForm("");
    fail(error);
  }
}

function headView(context, view, seen, head, signal) {
  const { tokens, stripe } = seen;
  const name = headName(view.layer, head.head);
  const scale = colorScale("sequential", 0, 1);
  const labels = tokens.map((token) => tokenText(token.text));
  const keyOf = new Map(stripe.map(([query, key]) => [query, key]));
  const reading = el("p", { class: "reading", role: "status", "aria-live": "polite" });

  const describe = (query, key) => [
    `${labels[query]} (${query}) → ${labels[key]} (${key})`,
    `attention ${number(head.pattern[query][key])}`,
    ...(keyOf.get(query) === key ? ["on the induction stripe"] : []),
  ];
  function look(query) {
    const at = query ?? view.query;
    if (at === null) {
      chips.shade(null);
      chips.flag("wanted", []);
      chips.flag("asking", []);
      replace(reading, "Point at a token, or go through them with the arrow keys, to see where it looks.");
      return;
    }
    const row = head.pattern[at];
    chips.shade(row, scale);
    chips.flag("wanted", keyOf.has(at) ? [keyOf.get(at)] : []);
    chips.flag("asking", [at]);
    const top = row.map((value, key) => ({ value, key })).sort((a, b) => b.value - a.value).slice(0, 3);
    replace(
      reading,
      el("strong", {}, labels[at], ` (${at})`), " looks at ",
      top.map(({ value, key }, index) => [index ? ", " : "", el("b", {}, labels[key]), ` (${key}) ${number(value)}`]),
      keyOf.has(at) ? `. Induction would look at ${labels[keyOf.get(at)]} (${keyOf.get(at)}): ${number(row[keyOf.get(at)])}` : "",
    );
  }
  const pin = (query) => {
    view.query = view.query === query ? null : query;
    context.set({ q: view.query });
    chips.select(view.query);
    map.select(view.query === null ? null : [view.query, view.query]);
    look(null);
  };
  const chips = tokenChips({ tokens, label: "Tokens of the prompt", selected: view.query, onSelect: pin, onPoint: look, signal });
  const map = heatmap({
    values: head.pattern,
    rows: labels,
    columns: labels,
    rowTitle: "query",
    columnTitle: "key",
    scale,
    label: `Attention pattern of ${name}: rows are queries, columns keys.`,
    describe,
    outlined: stripe,
    selected: view.query === null ? null : [view.query, view.query],
    onHover: (query) => look(query),
    onSelect: pin,
    maxCell: 40,
    minCell: 3,
    signal,
  });
  look(null);
  const mean = stripeMean(head.pattern, stripe);
  const about = mean === null
    ? "No token of this prompt occurs twice, so there is no induction stripe."
    : `${number(mean)} of the attention lies on the induction stripe (${stripe.length === 1 ? "one query" : `mean over ${stripe.length} queries`}): the framed cells, one after the nearest earlier copy.`;
  const rows = () => tokens.flatMap((_, query) => head.pattern[query]
    .map((value, key) => ({ value, key }))
    .sort((a, b) => b.value - a.value)
    .slice(0, 3)
    .map(({ value, key }, rank) => [`${labels[query]} (${query})`, String(rank + 1), `${labels[key]} (${key})`, fixed(value)]));
  return card(
    `Head ${name}`,
    el("div", { class: "sticky-tokens" }, chips.node, reading),
    el(
      "div",
      { class: "card-line" },
      legend(scale, "attention", signal),
      el("a", { href: context.link("/patching", { kind: "off", prompt: context.get("prompt"), off: `${view.layer}.${head.head}` }) }, `Switch ${name} off`),
    ),
    map.node,
    el("p", { class: "hint" }, about),
    tableBehind("As a table", () => table(`Where each token looks, ${name}`, ["Query", "Rank", "Key", "Attention"], rows())),
  );
}
