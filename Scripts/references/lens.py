"""Reference values from TransformerLens, on exactly the weights of the other side.

Hugging Face models pass through TransformerLens's own weight converters, without any of its weight
processing. Its configuration reader is not used: it drops GPT-2's `n_inner` and GPT-NeoX's rotary base, and
wants an `n_ctx` that transformers 5 no longer writes. Its GPT-NeoX converter wants attention biases: a model
without them gets zeros. Its Llama converter knows no biases: a model with them is refused.
Models in the induct format are laid out here. Learned positions of zero stand for "no positions", which
TransformerLens has no word for; sinusoids are learned positions to it, and keys are smeared by a hook, so that what it
records as keys is smeared already.
"""

import copy
import warnings

import torch

warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", message=".*deprecated.*")

from transformer_lens import HookedTransformer, HookedTransformerConfig  # noqa: E402
from transformer_lens.pretrained.weight_conversions import (  # noqa: E402
    convert_gpt2_weights, convert_llama_weights, convert_neox_weights)

import induct_format  # noqa: E402

# Hugging Face families that models.py records with TransformerLens too.
FAMILIES = ("gpt2", "gpt_neox")


def from_hugging_face(model) -> HookedTransformer:
    """The TransformerLens model with the weights and settings of a Hugging Face GPT-2, GPT-NeoX or Llama."""
    config = model.config
    # All families answer to these names.
    heads, width = config.num_attention_heads, config.hidden_size
    shared = dict(
        n_layers=config.num_hidden_layers, n_heads=heads, d_model=width, d_head=width // heads,
        d_vocab=config.vocab_size, n_ctx=config.max_position_embeddings,
        normalization_type="RMS" if config.model_type == "llama" else "LN")
    if config.model_type == "gpt2":
        lens_config = _config(
            **shared, d_mlp=config.n_inner or 4 * width, act_fn=config.activation_function,
            eps=config.layer_norm_epsilon,
            scale_attn_by_inverse_layer_idx=config.scale_attn_by_inverse_layer_idx)
        return _load(lens_config, convert_gpt2_weights(model, lens_config))
    rope = config.rope_parameters
    if config.model_type == "llama":
        if config.attention_bias or config.mlp_bias or rope["rope_type"] != "default":
            raise ValueError("TransformerLens's Llama has no biases, and rotates in the default way only")
        grouped = config.num_key_value_heads != heads
        lens_config = _config(
            **shared, d_mlp=config.intermediate_size, act_fn=config.hidden_act, eps=config.rms_norm_eps,
            n_key_value_heads=config.num_key_value_heads if grouped else None, gated_mlp=True, final_rms=True,
            positional_embedding_type="rotary", rotary_dim=width // heads, rotary_base=rope["rope_theta"],
            rotary_adjacent_pairs=False)
        return _load(lens_config, convert_llama_weights(model, lens_config))
    lens_config = _config(
        **shared, d_mlp=config.intermediate_size, act_fn=config.hidden_act, eps=config.layer_norm_eps,
        parallel_attn_mlp=config.use_parallel_residual, positional_embedding_type="rotary",
        rotary_dim=int(rope["partial_rotary_factor"] * width // heads), rotary_base=rope["rope_theta"],
        rotary_adjacent_pairs=False)
    biased = copy.deepcopy(model)
    for module in biased.modules():
        if isinstance(module, torch.nn.Linear) and module.bias is None:
            module.bias = torch.nn.Parameter(torch.zeros(module.out_features))
    return _load(lens_config, convert_neox_weights(biased, lens_config))


def from_induct(config: dict, weights: dict[str, torch.Tensor]) -> HookedTransformer:
    """The TransformerLens model with the weights and settings of a model in the induct format."""
    rotary = config["positions"] == "rotary"
    lens_config = _config(
        n_layers=config["n_layers"], n_heads=config["n_heads"], d_model=config["d_model"],
        d_head=config["d_head"], d_vocab=config["d_vocab"], n_ctx=config["n_ctx"],
        d_mlp=config["d_mlp"] or None, attn_only=config["d_mlp"] == 0, act_fn=config["activation"],
        normalization_type="LN" if config["normalization"] == "layer_norm" else None,
        eps=config["layer_norm_eps"], positional_embedding_type="rotary" if rotary else "standard",
        rotary_dim=config["rotary_dim"] if rotary else None, rotary_base=config["rotary_base"],
        rotary_adjacent_pairs=False,
    )
    heads, size, width = config["n_heads"], config["d_head"], config["d_model"]
    nothing = torch.zeros
    found = {"embed.W_E": weights["embed.weight"]}
    if not rotary:
        table = induct_format.positions(config, weights, config["n_ctx"])
        found["pos_embed.W_pos"] = nothing(config["n_ctx"], width) if table is None else table
    for layer in range(config["n_layers"]):
        block = f"blocks.{layer}"
        for part in "qkv":
            matrix = weights[f"{block}.attn.{part}.weight"].unflatten(0, (heads, size))
            bias = weights.get(f"{block}.attn.{part}.bias", nothing(heads * size))
            found[f"{block}.attn.W_{part.upper()}"] = matrix.transpose(1, 2)
            found[f"{block}.attn.b_{part.upper()}"] = bias.unflatten(0, (heads, size))
        found[f"{block}.attn.W_O"] = weights[f"{block}.attn.o.weight"].T.unflatten(0, (heads, size))
        found[f"{block}.attn.b_O"] = weights.get(f"{block}.attn.o.bias", nothing(width))
        if config["d_mlp"]:
            for ours, theirs in (("up", "in"), ("down", "out")):
                found[f"{block}.mlp.W_{theirs}"] = weights[f"{block}.mlp.{ours}.weight"].T
                found[f"{block}.mlp.b_{theirs}"] = weights[f"{block}.mlp.{ours}.bias"]
    for name, value in weights.items():
        parts = name.split(".")
        if parts[-2] in ("ln1", "ln2", "ln_final"):
            found[".".join(parts[:-1] + [parts[-1][0]])] = value
    unembedding = weights["embed.weight" if config["tie_embeddings"] else "unembed.weight"]
    found |= {"unembed.W_U": unembedding.T, "unembed.b_U": weights["unembed.bias"]}
    model = _load(lens_config, found)
    if config.get("smeared_keys"):
        for layer in range(config["n_layers"]):
            logits = weights[f"blocks.{layer}.attn.smear"]
            model.add_perma_hook(
                f"blocks.{layer}.attn.hook_k", lambda k, hook, logits=logits: induct_format.smeared(k, logits))
    return model


def record(model: HookedTransformer, tokens: torch.Tensor) -> dict[str, torch.Tensor]:
    """Runs the model and returns its whole activation cache, and the logits."""
    with torch.no_grad():
        logits, cache = model.run_with_cache(tokens)
    return {**cache.cache_dict, "logits": logits}


def _config(**settings) -> HookedTransformerConfig:
    return HookedTransformerConfig.from_dict(
        {**settings, "dtype": torch.float32, "device": "cpu", "use_attn_result": True})


def _load(config: HookedTransformerConfig, weights: dict[str, torch.Tensor]) -> HookedTransformer:
    """A model that holds `weights`, all of them; only what it computes itself may be missing."""
    model = HookedTransformer(config)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    computed = ("mask", "IGNORE", "rotary_sin", "rotary_cos")
    optional = ("unembed.b_U",)  # GPT-2's converter leaves it out; it starts at zero.
    missing = [name for name in missing if not name.endswith(computed) and name not in optional]
    if missing or unexpected:
        raise RuntimeError(f"weights do not fit TransformerLens: missing {missing}, unexpected {unexpected}")
    return model.eval()
