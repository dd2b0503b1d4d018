// The prompt that a page is about: typed, or made by the server.
import { post } from "../api.js";
import { promptKinds } from "../questions.js";
import { button, menu } from "./controls.js";
import { el } from "./dom.js";

/** Made prompts; without a kind, of the first that the model's vocabulary has: words, letters, random ids. */
export async function makePrompts(context, asked) {
  const { prompts } = await post("/api/prompts", { model: context.model, ...asked }, context.signal);
  return prompts;
}

/**
 * A form with the text, and a menu that makes one.
 * @param {object} context the page
 * @param {string} value
 * @param {(text: string) => void} onSubmit
 * @param {(error: Error) => void} onError
 */
export function promptForm(context, value, onSubmit, onError) {
  let kind = "words";
  // Every press makes another prompt; the number is not in the address, the prompt is.
  let seed = 0;
  const area = el("textarea", { rows: 2, spellcheck: "false", autocomplete: "off", "aria-label": "Prompt", value });
  const submit = () => onSubmit(area.value);
  const make = async () => {
    try {
      const [prompt] = await makePrompts(context, { kind, count: 1, seed });
      seed += 1;
      area.value = prompt.text;
      submit();
    } catch (error) {
      if (!context.signal.aborted) onError(error);
    }
  };
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  return el(
    "form",
    {
      class: "prompt-form",
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    el("label", { class: "field wide" }, el("span", {}, "Prompt"), area),
    el(
      "div",
      { class: "toolbar" },
      el("button", { type: "submit", class: "first" }, "Look"),
      menu("or make one", promptKinds.map(([key]) => [key, key]), kind, (chosen) => {
        kind = chosen;
        seed = 0;
      }),
      button("Make", make),
    ),
  );
}

/** The prompt of the address, or a made one where it has none, which is written to the address. */
export async function promptOf(context) {
  const given = context.get("prompt");
  if (given) return given;
  const [prompt] = await makePrompts(context, { count: 1 });
  context.set({ prompt: prompt.text });
  return prompt.text;
}
