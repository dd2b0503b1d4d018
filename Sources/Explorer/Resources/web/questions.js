// The questions of the analyses as the server takes them: fields that differ from the command's defaults. Prompts are
// always given whole, so that what they mean does not depend on a command's default recipe.

/** Kinds of made prompts, with what stands in the menu. */
export const promptKinds = [
  ["repeat", "repeat: a random block, twice"],
  ["abab", "abab: letters in a block that repeats"],
  ["names", "names: names in a block that repeats"],
  ["bigram", "bigram: A B, noise, A"],
  ["letters", "letters: prefix, A B, filler, A"],
  ["words", "words: the same in words"],
  ["numbers", "numbers: the same in digits"],
  ["abca", "abca: the last id copies one half way"],
  ["multitoken", "multitoken: A b1 ... bk, filler, A b1 ..."],
];

/** A recipe of made prompts. */
function recipe(kind, count, seed) {
  return { kind, count, seed, lags: [4, 8, 16, 32, 64], isLiteral: false };
}

/** Made prompts for a scan. */
export function scanPrompts(kind, count, seed) {
  return { kind: "recipe", recipes: [recipe(kind, count, seed)] };
}

/** Made prompts for an experiment that has answers and, if it compares, corrupted prompts. */
export function causalPrompts(kind, count, seed, corruption = null) {
  return { kind: "recipe", recipe: recipe(kind, count, seed), ...(corruption ? { corruption } : {}) };
}

/** Typed prompts. Answers and foils are words of one token each, or null. */
export function typedPrompts({ clean, corrupted = null, answer = null, foil = null, positions = null }) {
  const files = { clean: { kind: "texts", texts: [clean] } };
  if (corrupted) files.corrupted = { kind: "texts", texts: [corrupted] };
  if (answer) files.answers = { listed: [answer] };
  if (foil) files.foils = { listed: [foil] };
  // The command's own prompts may be corrupted by a rule; typed ones are what they are.
  return { kind: "files", files, corruption: null, ...(positions ? { positions } : {}) };
}
