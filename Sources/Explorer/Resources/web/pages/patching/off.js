// Heads switched off by click, and the next token with and without them.
import { post } from "../../api.js";
import { sizesOf } from "../../sizes.js";
import { announce } from "../../ui/announcer.js";
import { button } from "../../ui/controls.js";
import { card, el, replace } from "../../ui/dom.js";
import { headName, number, tokenText } from "../../ui/format.js";
import { promptForm, promptOf } from "../../ui/prompt.js";
import { emptyState, errorState, loadingState } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { tokenChips } from "../../ui/tokens.js";

/** Heads in an address: "0.1,1.2". What is no head of the model is left out. */
function headsOf(text, sizes) {
  const heads = new Set();
  for (const part of text.split(",")) {
    const found = /^(\d{1,4})\.(\d{1,4})$/.exec(part);
    if (found && Number(found[1]) < sizes.layers && Number(found[2]) < sizes.heads) heads.add(`${Number(found[1])}.${Number(found[2])}`);
  }
  return heads;
}

export async function showOff(host, context) {
  const prompt = await promptOf(context);
  const sizes = await sizesOf(context, prompt);
  const off = headsOf(context.get("off"), sizes);
  const formHost = el("div", {});
  const grid = el("div", {});
  const out = el("div", {}, loadingState("Predicting"));
  let asking = null;
  const fail = (error) => !context.signal.aborted && replace(out, errorState(error, ask));

  async function ask() {
    const prompt = context.get("prompt");
    if (!prompt.trim()) {
      replace(out, emptyState("No prompt.", "Type one above, or let one be made."));
      return;
    }
    asking?.abort();
    const own = new AbortController();
    asking = own;
    const heads = [...off].map((name) => name.split(".").map(Number)).map(([layer, head]) => ({ layer, head }));
    try {
      const body = { model: context.model, prompt, off: heads, top: 12 };
      const answer = await post("/api/prediction", body, AbortSignal.any([context.signal, own.signal]));
      if (!own.signal.aborted) drawPrediction(out, answer, heads);
    } catch (error) {
      if (!own.signal.aborted) fail(error);
    }
  }

  function toggle(name) {
    if (off.has(name)) off.delete(name);
    else off.add(name);
    changed();
  }

  function changed() {
    context.set({ off: [...off].sort().join(",") });
    for (const one of grid.querySelectorAll("[data-head]")) one.setAttribute("aria-pressed", off.has(one.dataset.head) ? "true" : "false");
    return ask();
  }

  replace(
    host,
    formHost,
    el(
      "div",
      { class: sizes.heads > 8 ? "columns off-columns many-heads" : "columns off-columns" },
      card("Heads", el("p", { class: "hint" }, "A click switches a head off (its z is set to zero at all positions), another switches it on."), grid),
      card("Next token", out),
    ),
  );
  drawGrid(grid, sizes, off, toggle, () => {
    off.clear();
    changed();
  });
  replace(formHost, promptForm(context, prompt, (text) => {
    context.set({ prompt: text });
    ask();
  }, fail));
  await ask();
}

function drawGrid(host, { layers, heads }, off, toggle, clear) {
  const switches = Array.from({ length: layers }, (_, layer) => Array.from({ length: heads }, (_, head) => {
    const name = `${layer}.${head}`;
    return el(
      "button",
      {
        type: "button", class: "switch", "data-head": name, tabindex: layer + head === 0 ? 0 : -1,
        "aria-pressed": off.has(name) ? "true" : "false", "aria-label": `${headName(layer, head)} off`, onclick: () => toggle(name),
      },
      `H${head}`,
    );
  }));
  const move = (event) => {
    const row = switches.findIndex((line) => line.includes(document.activeElement));
    if (row < 0) return;
    const column = switches[row].indexOf(document.activeElement);
    const to = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1] }[event.key];
    const target = to && switches[to[0]]?.[to[1]];
    if (!to) return;
    event.preventDefault();
    if (!target) return;
    document.activeElement.tabIndex = -1;
    target.tabIndex = 0;
    target.focus();
  };
  replace(
    host,
    el("div", { class: "switches", role: "group", "aria-label": "Heads to switch off", onkeydown: move }, switches.map((line, layer) => el("div", { class: "switch-row" }, el("span", { "aria-hidden": "true" }, `L${layer}`), line))),
    button("All on", clear),
  );
}

function drawPrediction(host, answer, heads) {
  const edited = new Map(answer.edited.map((token) => [token.id, token]));
  const base = new Map(answer.base.map((token) => [token.id, token]));
  // The tokens that matter in either run, by the base run first.
  const shown = [...answer.base, ...answer.edited.filter((token) => !base.has(token.id))];
  const line = (name, token) => {
    const fill = el("span", { class: `fill ${name}` });
    fill.style.width = `${100 * (token?.probability ?? 0)}%`;
    return el("span", { class: "track", "aria-hidden": "true" }, fill);
  };
  const drawn = (id) => el("div", { class: "pair" }, line("before", base.get(id)), line("after", edited.get(id)));
  // What is not among the highest of a run is below them all.
  const chance = (list, token) => (token ? number(token.probability) : `below ${number(list.at(-1)?.probability)}`);
  const names = heads.map(({ layer, head }) => headName(layer, head)).join(", ");
  const losses = answer.lossBase === null || answer.lossBase === undefined
    ? null
    : el("p", { class: "reading" }, `Loss on this prompt: ${number(answer.lossBase)} nats as it is, ${number(answer.lossEdited)} with the heads off.`);
  const ordered = (list) => (list.length ? `${tokenText(list[0].token)} ${number(list[0].probability)}` : "nothing");
  replace(
    host,
    tokenChips({ tokens: answer.tokens, label: "Tokens of the prompt" }).node,
    el("p", { class: "reading" }, names ? `Off: ${names}.` : "All heads are on."),
    el(
      "div",
      { class: "key" },
      el("span", {}, el("span", { class: "swatch before", "aria-hidden": "true" }), "as it is"),
      el("span", {}, el("span", { class: "swatch after", "aria-hidden": "true" }), "with the heads off"),
    ),
    table("Probability of the next token", ["Token", "As it is", "Heads off", ""], shown.map(({ id, token }) => [tokenText(token), chance(answer.base, base.get(id)), chance(answer.edited, edited.get(id)), drawn(id)])),
    losses,
  );
  announce(`${names ? `Off: ${names}. ` : ""}Most probable: ${ordered(answer.base)}; with heads off ${ordered(answer.edited)}`);
}
