// Lens: how a prediction forms from layer to layer, and what writes it.
import { post } from "../api.js";
import { segments, menu, numberField, textField, toolbar } from "../ui/controls.js";
import { el, replace } from "../ui/dom.js";
import { runJob } from "../ui/job.js";
import { promptForm, promptOf } from "../ui/prompt.js";
import { emptyState, errorState } from "../ui/states.js";
import { tokenChips, tokenSpans } from "../ui/tokens.js";
import { causalPrompts, promptKinds, typedPrompts } from "../questions.js";
import { drawLens } from "./lens/result.js";

export function show(root, context) {
  let source = context.get("source", "one");
  const asked = {
    prompts: context.get("prompts", "repeat"), n: context.int("n", 64), seed: context.int("seed", 0), example: context.int("example", 0),
  };
  const form = el("div", {});
  const place = el("div", {});
  const out = el("div", { class: "results" });
  let turn = 0;
  const fail = (error) => !context.signal.aborted && replace(out, errorState(error, open));

  const change = (name) => (value) => {
    asked[name] = value;
    context.set({ [name]: value });
    runMany();
  };

  async function open() {
    const mine = ++turn;
    replace(place);
    if (source === "many") {
      replace(form, toolbar(
        menu("Prompts", promptKinds.map(([key]) => [key, key]), asked.prompts, change("prompts")),
        numberField("How many", { value: asked.n, min: 1, max: 5000 }, change("n")),
        numberField("Seed", { value: asked.seed, max: 999999999 }, change("seed")),
        numberField("Prompt in detail", { value: asked.example, max: 4999 }, change("example")),
      ));
      runMany();
      return;
    }
    try {
      const prompt = await promptOf(context);
      if (mine !== turn) return;
      replace(form, promptForm(context, prompt, (text) => {
        context.set({ prompt: text, at: null, target: null });
        runOne();
      }, fail));
      await runOne();
    } catch (error) {
      if (mine === turn) fail(error);
    }
  }

  function runMany() {
    const question = {
      prompts: causalPrompts(asked.prompts, asked.n, asked.seed), topCount: 8, example: asked.example, seed: asked.seed,
    };
    return runJob(out, context, { command: "lens", question, label: `Reading ${asked.n} prompts layer by layer` }, (result, id, signal) => {
      drawLens(out, context, { result, id }, signal);
    });
  }

  /** The prompt up to a position is a prompt of its own: its last prediction is that position's. */
  async function runOne() {
    const mine = ++turn;
    const text = context.get("prompt");
    if (!text.trim()) {
      replace(place);
      replace(out, emptyState("No prompt.", "Type one above, or let one be made."));
      return;
    }
    let tokens;
    try {
      ({ tokens } = await post("/api/tokens", { model: context.model, prompt: text }, context.signal));
    } catch (error) {
      if (mine === turn) fail(error);
      return;
    }
    if (mine !== turn) return;
    const spans = tokenSpans(text, tokens);
    const last = tokens.length - 1;
    const at = Math.min(last, context.int("at", last));
    const position = spans[at] || at === last ? at : last;
    const next = tokens[position + 1];
    const target = context.get("target") || (next ? wordOf(next) : guess(tokens));
    replace(
      place,
      el("p", { class: "hint" }, "Choose the token after which the prediction is read."),
      tokenChips({
        tokens,
        label: "Position whose prediction is read",
        selected: position,
        mark: (index) => (spans[index] || index === last ? null : "dull"),
        onSelect: (index) => {
          if (!spans[index] && index !== last) return;
          context.set({ at: index === last ? null : index, target: null });
          runOne();
        },
      }).node,
      toolbar(textField("Target: the token whose rank is followed (empty: none)", target, (value) => {
        context.set({ target: value.trim() || "-" });
        runOne();
      })),
    );
    const clean = position === last ? text : text.slice(0, spans[position].to);
    const answer = target && target !== "-" ? target : null;
    const question = { prompts: typedPrompts({ clean, answer, positions: "last" }), topCount: 8 };
    await runJob(out, context, { command: "lens", question, label: "Reading the prompt layer by layer" }, (result, id, signal) => {
      drawLens(out, context, { result, id }, signal);
    });
  }

  root.append(
    el("h1", {}, "Lens"),
    segments("Prompts", [["one", "One prompt"], ["many", "Many, with intervals"]], source, (chosen) => {
      source = chosen;
      context.set({ source: chosen });
      open();
    }),
    form,
    place,
    out,
  );
  return open();
}

/** A token as an answer is named: without the space before it, unless it is nothing else. */
const wordOf = (token) => token.text.trim() || token.text;

/** What followed the last token where it stood before; nothing where it is new. */
function guess(tokens) {
  const last = tokens.length - 1;
  for (let place = last - 1; place >= 0; place -= 1) {
    if (tokens[place].id === tokens[last].id) return wordOf(tokens[place + 1]);
  }
  return "";
}
