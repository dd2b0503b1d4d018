// How many layers and heads the model has.
import { post } from "./api.js";

/**
 * The sizes as the list of models has them. A model that is no entry of it (one given by its path) is asked through the
 * attention of a prompt.
 * @returns {Promise<{layers: number, heads: number}>} heads of a layer
 */
export async function sizesOf(context, prompt) {
  if (context.info?.layers) return { layers: context.info.layers, heads: context.info.heads };
  const { layers } = await post("/api/attention", { model: context.model, prompt, layers: null }, context.signal);
  return { layers: layers.length, heads: layers[0]?.heads.length ?? 0 };
}
