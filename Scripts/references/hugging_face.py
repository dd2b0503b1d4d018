"""Reference values from the Hugging Face model itself.

Recorded under TransformerLens's names and axis orders, every one of them: what modules received and returned,
the queries and keys that the attention function was given, and what softmax was given. Computed here from such
values are only a norm's scale and normalised value (before weight and bias) and each head's share of what
attention writes.
"""

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedConfig
from transformers.utils import logging

from families import FAMILIES, Family
from weights import fill

logging.disable_progress_bar()

# Masked scores are the smallest float32 and something: nothing else is as low.
MASKED = -1e30


def make(directory: Path, config: PreTrainedConfig, seed: int):
    """Writes a random-weight model with `save_pretrained` and returns it as read back from the files."""
    model = AutoModelForCausalLM.from_config(config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # GPT-2 keeps [input, output] matrices, everything else [output, input].
            fan_in = parameter.shape[0] if config.model_type == "gpt2" else parameter.shape[-1]
            value = fill(name, tuple(parameter.shape), fan_in, generator)
            # Gemma stores gains less one.
            stored_less_one = config.model_type.startswith("gemma") and "norm" in name
            parameter.copy_(value - 1 if stored_less_one else value)
    model.save_pretrained(directory)
    return AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager").eval()


def write_older_config(directory: Path) -> None:
    """Writes config-v4.json: config.json with rotary settings as transformers 4 and most hub files spell them."""
    config = json.loads((directory / "config.json").read_text())
    rope = config.pop("rope_parameters")
    config["torch_dtype"] = config.pop("dtype")
    config["transformers_version"] = "4.24.0"
    if config["model_type"] == "gpt_neox":
        for key in ("attention_bias", "is_decoder", "pad_token_id"):
            config.pop(key)
        config["rotary_pct"] = rope["partial_rotary_factor"]
        config["rotary_emb_base"] = int(rope["rope_theta"])
    elif config["model_type"] == "gemma3_text":
        config["sliding_window_pattern"] = config.pop("_sliding_window_pattern")
        config.pop("layer_types")
        config["rope_local_base_freq"] = rope["sliding_attention"]["rope_theta"]
        _write_scaling(config, rope["full_attention"])
    else:
        _write_scaling(config, rope)
    (directory / "config-v4.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    if AutoConfig.for_model(**config).rope_parameters != rope:
        raise RuntimeError(f"config-v4.json in {directory} does not mean what config.json means")


def _write_scaling(config: dict, rope: dict) -> None:
    rope = dict(rope)
    config["rope_theta"] = rope.pop("rope_theta")
    if rope["rope_type"] != "default":
        config["rope_scaling"] = rope


def record(model, tokens: torch.Tensor) -> dict[str, torch.Tensor]:
    """Runs the model and returns every activation that has a name, and the logits."""
    calls: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
    rotated: list[tuple[torch.Tensor, torch.Tensor]] = []
    scores: list[torch.Tensor] = []

    def keep(name):
        def hook(_, inputs, keywords, output):
            received = inputs[0] if inputs else next(iter(keywords.values()))
            returned = output[0] if isinstance(output, tuple) else output
            if isinstance(received, torch.Tensor) and isinstance(returned, torch.Tensor):
                calls[name] = (received.clone(), returned.clone())
        return hook

    softmax = torch.nn.functional.softmax

    def kept_softmax(value, *arguments, **keywords):
        scores.append(value.masked_fill(value < MASKED, float("-inf")))
        return softmax(value, *arguments, **keywords)

    # The attention function of the family: of its module, or a method in the oldest ones.
    source = sys.modules[type(model).__module__]
    if hasattr(source, "eager_attention_forward"):
        owner, name = source, "eager_attention_forward"
    else:
        owner, name = next(
            (value, "_attn") for value in vars(source).values() if isinstance(value, type) and "_attn" in vars(value))
    attend = getattr(owner, name)

    def kept_attend(module, query, key, *arguments, **keywords):
        rotated.append((query.transpose(1, 2).clone(), key.transpose(1, 2).clone()))
        return attend(module, query, key, *arguments, **keywords)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(torch.nn.functional, "softmax", kept_softmax))
        stack.enter_context(mock.patch.object(owner, name, kept_attend))
        for module_name, module in model.named_modules():
            if module_name:
                handle = module.register_forward_hook(keep(module_name), with_kwargs=True)
                stack.callback(handle.remove)
        stack.enter_context(torch.no_grad())
        outputs = model(tokens, output_attentions=True, use_cache=False)

    family, config = FAMILIES[model.config.model_type], model.config
    layers = len(outputs.attentions)
    # Gemma 1 and 2 scale the embedding outside its module.
    found = {"hook_embed": calls[family.embedding][1]}
    if family.positions:
        found["hook_pos_embed"] = calls[family.positions][1].expand(tokens.shape[0], -1, -1)
    else:
        found["hook_embed"] = calls[f"{family.layers}.0"][0]
    for layer in range(layers):
        weight = model.get_submodule(f"{family.layers}.{layer}.{family.projection}").weight
        projection = weight if config.model_type == "gpt2" else weight.T  # [heads * d_head, d_model]
        found |= _block(family, config, calls, layer, projection)
        block = f"blocks.{layer}.attn"
        if family.rotary:
            found[f"{block}.hook_rot_q"], found[f"{block}.hook_rot_k"] = rotated[layer]
        found[f"{block}.hook_attn_scores"] = scores[layer]
        found[f"{block}.hook_pattern"] = outputs.attentions[layer]
    found |= _norm("ln_final", calls[family.final_norm][0], _epsilon(config), family.rms)
    found["logits"] = outputs.logits
    return found


def _block(family: Family, config, calls, layer: int, projection: torch.Tensor) -> dict[str, torch.Tensor]:
    source, block = f"{family.layers}.{layer}", f"blocks.{layer}"
    received, returned = calls[source]
    batch = received.shape[:2]

    def call(part: str) -> tuple[torch.Tensor, torch.Tensor]:
        # OPT's MLP works on [batch * position, d].
        return tuple(value.reshape(*batch, -1) for value in calls[f"{source}.{part}"])

    heads = config.num_attention_heads
    if family.qkv:
        q, k, v = family.split(call(family.qkv)[1], heads)
    else:
        width = call(family.q)[1].shape[-1] // heads
        q, k, v = (call(part)[1].unflatten(-1, (-1, width)) for part in (family.q, family.k, family.v))
    z = call(family.projection)[0].unflatten(-1, (heads, -1))
    written = call(family.norm1_post or family.attention)[1]
    found = {
        f"{block}.hook_resid_pre": received,
        f"{block}.attn.hook_q": q, f"{block}.attn.hook_k": k, f"{block}.attn.hook_v": v,
        f"{block}.attn.hook_z": z,
        f"{block}.attn.hook_result": torch.einsum(
            "bphe,hed->bphd", z, projection.detach().unflatten(0, (heads, -1))),
        f"{block}.hook_attn_out": written,
        f"{block}.mlp.hook_pre": call(family.gate or family.up)[1],
        f"{block}.mlp.hook_post": call(family.down)[0],
        f"{block}.hook_mlp_out": call(family.norm2_post or family.mlp or family.down)[1],
        f"{block}.hook_resid_post": returned,
    }
    if family.gate:
        found[f"{block}.mlp.hook_pre_linear"] = call(family.up)[1]
    if not family.parallel(config):
        found[f"{block}.hook_resid_mid"] = call(family.norm2 or family.mlp)[0]
    norms = (("ln1", family.norm1), ("ln1_post", family.norm1_post), ("ln2", family.norm2),
             ("ln2_post", family.norm2_post))
    for name, part in norms:
        if part:
            found |= _norm(f"{block}.{name}", call(part)[0], _epsilon(config), family.rms)
    return found


def _epsilon(config) -> float:
    for name in ("layer_norm_epsilon", "layer_norm_eps", "rms_norm_eps"):
        if hasattr(config, name):
            return getattr(config, name)
    return 1e-5  # OPT has torch's own.


def _norm(name: str, received: torch.Tensor, epsilon: float, rms: bool) -> dict[str, torch.Tensor]:
    """Scale and normalised value (before weight and bias) of a norm, from what it received."""
    centred = received if rms else received - received.mean(-1, keepdim=True)
    scale = (centred.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()
    return {f"{name}.hook_scale": scale, f"{name}.hook_normalized": centred / scale}
