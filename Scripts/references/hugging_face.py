"""Reference values from the Hugging Face model itself, read with forward hooks.

Recorded under TransformerLens's names and axis orders. Everything is what a module of the model received or
returned, except `hook_scale` and `hook_normalized`, which are computed from what the norm received. Scores,
rotated q and k and head results live inside a Hugging Face function and are not here.
"""

import json
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedConfig
from transformers.utils import logging

from weights import fill

logging.disable_progress_bar()


def make(directory: Path, config: PreTrainedConfig, seed: int):
    """Writes a random-weight model with `save_pretrained` and returns it as read back from the files."""
    model = AutoModelForCausalLM.from_config(config)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # GPT-2 keeps [input, output] matrices, everything else [output, input].
            fan_in = parameter.shape[0] if config.model_type == "gpt2" else parameter.shape[-1]
            parameter.copy_(fill(name, tuple(parameter.shape), fan_in, generator))
    model.save_pretrained(directory)
    return AutoModelForCausalLM.from_pretrained(directory, attn_implementation="eager").eval()


def write_older_config(directory: Path) -> None:
    """Writes config-v4.json, GPT-NeoX's config as transformers 4 and the Pythia checkpoints spell it."""
    config = json.loads((directory / "config.json").read_text())
    rope = config.pop("rope_parameters")
    for key in ("attention_bias", "is_decoder", "pad_token_id"):
        config.pop(key)
    config["rotary_pct"] = rope["partial_rotary_factor"]
    config["rotary_emb_base"] = int(rope["rope_theta"])
    config["torch_dtype"] = config.pop("dtype")
    config["transformers_version"] = "4.24.0"
    (directory / "config-v4.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    if AutoConfig.for_model(**config).rope_parameters != rope:
        raise RuntimeError(f"config-v4.json in {directory} does not mean what config.json means")


def record(model, tokens: torch.Tensor) -> dict[str, torch.Tensor]:
    """Runs the model and returns every activation that its modules show, and the logits."""
    calls: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}

    def keep(name):
        def hook(_, inputs, keywords, output):
            received = inputs[0] if inputs else next(iter(keywords.values()))
            returned = output[0] if isinstance(output, tuple) else output
            if isinstance(received, torch.Tensor) and isinstance(returned, torch.Tensor):
                calls[name] = (received.clone(), returned.clone())
        return hook

    handles = [
        module.register_forward_hook(keep(name), with_kwargs=True)
        for name, module in model.named_modules() if name
    ]
    with torch.no_grad():
        outputs = model(tokens, output_attentions=True, use_cache=False)
    for handle in handles:
        handle.remove()

    family = _gpt2 if model.config.model_type == "gpt2" else _gpt_neox
    found = family(model.config, calls, tokens.shape[0])
    for layer, pattern in enumerate(outputs.attentions):
        found[f"blocks.{layer}.attn.hook_pattern"] = pattern
    found["logits"] = outputs.logits
    return found


def _gpt2(config, calls, batch: int) -> dict[str, torch.Tensor]:
    found = {
        "hook_embed": calls["transformer.wte"][1],
        "hook_pos_embed": calls["transformer.wpe"][1].expand(batch, -1, -1),
    }
    for layer in range(config.n_layer):
        source, block = f"transformer.h.{layer}", f"blocks.{layer}"
        q, k, v = calls[f"{source}.attn.c_attn"][1].chunk(3, dim=-1)
        found |= _block(
            calls, block, source, ("ln_1", "ln_2", "attn", "mlp", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"),
            config.n_head, config.layer_norm_epsilon)
        for name, value in (("q", q), ("k", k), ("v", v)):
            found[f"{block}.attn.hook_{name}"] = value.unflatten(-1, (config.n_head, -1))
        found[f"{block}.hook_resid_mid"] = calls[f"{source}.ln_2"][0]
    return found | _norm("ln_final", calls["transformer.ln_f"][0], config.layer_norm_epsilon)


def _gpt_neox(config, calls, batch: int) -> dict[str, torch.Tensor]:
    found = {"hook_embed": calls["gpt_neox.embed_in"][1]}
    for layer in range(config.num_hidden_layers):
        source, block = f"gpt_neox.layers.{layer}", f"blocks.{layer}"
        # The heads are outermost: head 0's q, k and v come before head 1's.
        joined = calls[f"{source}.attention.query_key_value"][1]
        q, k, v = joined.unflatten(-1, (config.num_attention_heads, 3, -1)).unbind(-2)
        found |= _block(
            calls, block, source,
            ("input_layernorm", "post_attention_layernorm", "attention", "mlp", "attention.dense",
             "mlp.dense_h_to_4h", "mlp.dense_4h_to_h"),
            config.num_attention_heads, config.layer_norm_eps)
        for name, value in (("q", q), ("k", k), ("v", v)):
            found[f"{block}.attn.hook_{name}"] = value
        if not config.use_parallel_residual:
            found[f"{block}.hook_resid_mid"] = calls[f"{source}.post_attention_layernorm"][0]
    return found | _norm("ln_final", calls["gpt_neox.final_layer_norm"][0], config.layer_norm_eps)


def _block(calls, block: str, source: str, parts: tuple, heads: int, eps: float) -> dict[str, torch.Tensor]:
    """What both families show alike; `parts` names the modules in the order that is unpacked here."""
    norm1, norm2, attention, mlp, projection, up, down = (calls[f"{source}.{part}"] for part in parts)
    return {
        f"{block}.hook_resid_pre": norm1[0],
        f"{block}.hook_resid_post": calls[source][1],
        f"{block}.attn.hook_z": projection[0].unflatten(-1, (heads, -1)),
        f"{block}.hook_attn_out": attention[1],
        f"{block}.hook_mlp_out": mlp[1],
        f"{block}.mlp.hook_pre": up[1],
        f"{block}.mlp.hook_post": down[0],
        **_norm(f"{block}.ln1", norm1[0], eps),
        **_norm(f"{block}.ln2", norm2[0], eps),
    }


def _norm(name: str, received: torch.Tensor, eps: float) -> dict[str, torch.Tensor]:
    """Scale and normalised value (before weight and bias) of a layer norm, from what it received."""
    centred = received - received.mean(-1, keepdim=True)
    scale = (centred.pow(2).mean(-1, keepdim=True) + eps).sqrt()
    return {f"{name}.hook_scale": scale, f"{name}.hook_normalized": centred / scale}
