// A clean prompt and its corrupted twin: made, typed, and shown aligned token by token.
import { post } from "../../api.js";
import { button, textField, toolbar } from "../../ui/controls.js";
import { el } from "../../ui/dom.js";
import { tokenText } from "../../ui/format.js";
import { makePrompts } from "../../ui/prompt.js";
import { tokenSpans } from "../../ui/tokens.js";

/** What is left of a text where another word stands in place of a span. */
const withWord = (text, span, word) => text.slice(0, span.from) + word + text.slice(span.to);

/**
 * A pair of prompts A B ... A whose twin has another B: the answer is B, the foil the other one.
 * @returns {Promise<{clean: string, corrupted: string, answer: string, foil: string}>}
 */
export async function madePair(context, seed) {
  const prompts = await makePrompts(context, { count: 8, seed });
  const found = prompts.map((prompt) => {
    const { tokens, text } = prompt;
    const last = tokens.length - 1;
    const first = tokens.findIndex((token, index) => index < last && token.id === tokens[last].id);
    const place = first + 1;
    // The B must stand in the text once, so that its copy does not give it away.
    const isOnce = first >= 0 && tokens.filter((token) => token.id === tokens[place].id).length === 1;
    return { text, place, token: tokens[place], span: isOnce ? tokenSpans(text, tokens)[place] : null };
  });
  const base = found.find((one) => one.span);
  const other = base && found.find((one) => one.token && one.token.id !== base.token.id && !base.text.includes(one.token.text.trim()));
  if (!other) throw new Error("No pair could be made for this model; type a clean and a corrupted prompt.");
  const [answer, foil] = [base.token.text.trim(), other.token.text.trim()];
  return { clean: base.text, corrupted: withWord(base.text, base.span, foil), answer, foil };
}

/** Fields for the four texts. */
export function pairForm(pair, onChange, onMake) {
  const field = (label, name) => textField(label, pair[name], (value) => {
    pair[name] = value;
    onChange();
  });
  return el(
    "div",
    { class: "pair-form" },
    field("Clean prompt", "clean"),
    field("Corrupted prompt", "corrupted"),
    toolbar(field("Answer (one token)", "answer"), field("Foil (empty: the most probable other token)", "foil"), button("Make a pair", onMake)),
  );
}

/** Both prompts in one table, a column a token; columns that differ are marked. */
export async function alignedPair(context, pair) {
  const read = (prompt) => post("/api/tokens", { model: context.model, prompt }, context.signal);
  const [clean, corrupted] = (await Promise.all([read(pair.clean), read(pair.corrupted)])).map((answer) => answer.tokens);
  const length = Math.max(clean.length, corrupted.length);
  const places = Array.from({ length }, (_, place) => place);
  const differs = (place) => clean[place]?.id !== corrupted[place]?.id;
  const row = (name, tokens) => el(
    "tr",
    {},
    el("th", { scope: "row" }, name),
    places.map((place) => el(
      "td",
      { class: differs(place) ? "differs" : null },
      tokens[place] ? tokenText(tokens[place].text) : "",
      differs(place) ? el("span", { class: "unseen" }, " (differs)") : null,
    )),
  );
  return {
    tokens: clean,
    isAligned: clean.length === corrupted.length,
    node: el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "Clean and corrupted prompt, token by token" },
      el(
        "table",
        { class: "aligned" },
        el("caption", { class: "unseen" }, "Clean and corrupted prompt, token by token"),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, ""), places.map((place) => el("th", { scope: "col" }, place)))),
        el("tbody", {}, row("clean", clean), row("corrupted", corrupted)),
      ),
    ),
  };
}
