"""Where each Hugging Face family keeps what induct gives a name: modules by the part they play.

A name is relative to its layer. `q`, `k` and `v` are three modules, or `qkv` is one whose output `split` parts
into three. A family without a norm at a place leaves that name out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Family:
    """Names of one family's modules."""

    embedding: str
    layers: str
    final_norm: str
    attention: str
    projection: str
    up: str
    down: str
    mlp: str | None = None
    gate: str | None = None
    positions: str | None = None
    q: str = ""
    k: str = ""
    v: str = ""
    qkv: str | None = None
    split: Callable | None = None
    norm1: str | None = None
    norm1_post: str | None = None
    norm2: str | None = None
    norm2_post: str | None = None
    rms: bool = False
    parallel: Callable = lambda config: False
    rotary: bool = True


def _blocks_of_heads(value: torch.Tensor, heads: int) -> tuple[torch.Tensor, ...]:
    """GPT-2: all queries, all keys, all values."""
    return tuple(part.unflatten(-1, (heads, -1)) for part in value.chunk(3, dim=-1))


def _head_by_head(value: torch.Tensor, heads: int) -> tuple[torch.Tensor, ...]:
    """GPT-NeoX: head 0's queries, keys and values come before head 1's."""
    return value.unflatten(-1, (heads, 3, -1)).unbind(-2)


def _llama(**changes) -> Family:
    names = dict(
        embedding="model.embed_tokens", layers="model.layers", final_norm="model.norm", attention="self_attn",
        q="self_attn.q_proj", k="self_attn.k_proj", v="self_attn.v_proj", projection="self_attn.o_proj",
        norm1="input_layernorm", norm2="post_attention_layernorm", mlp="mlp", gate="mlp.gate_proj",
        up="mlp.up_proj", down="mlp.down_proj", rms=True)
    return Family(**{**names, **changes})


_SANDWICH = dict(
    norm1_post="post_attention_layernorm", norm2="pre_feedforward_layernorm",
    norm2_post="post_feedforward_layernorm")

FAMILIES = {
    "gpt2": Family(
        embedding="transformer.wte", positions="transformer.wpe", layers="transformer.h",
        final_norm="transformer.ln_f", attention="attn", qkv="attn.c_attn", split=_blocks_of_heads,
        projection="attn.c_proj", norm1="ln_1", norm2="ln_2", mlp="mlp", up="mlp.c_fc", down="mlp.c_proj",
        rotary=False),
    "gpt_neox": Family(
        embedding="gpt_neox.embed_in", layers="gpt_neox.layers", final_norm="gpt_neox.final_layer_norm",
        attention="attention", qkv="attention.query_key_value", split=_head_by_head,
        projection="attention.dense", norm1="input_layernorm", norm2="post_attention_layernorm", mlp="mlp",
        up="mlp.dense_h_to_4h", down="mlp.dense_4h_to_h",
        parallel=lambda config: config.use_parallel_residual),
    "gpt_neo": Family(
        embedding="transformer.wte", positions="transformer.wpe", layers="transformer.h",
        final_norm="transformer.ln_f", attention="attn", q="attn.attention.q_proj",
        k="attn.attention.k_proj", v="attn.attention.v_proj", projection="attn.attention.out_proj",
        norm1="ln_1", norm2="ln_2", mlp="mlp", up="mlp.c_fc", down="mlp.c_proj", rotary=False),
    "gptj": Family(
        embedding="transformer.wte", layers="transformer.h", final_norm="transformer.ln_f", attention="attn",
        q="attn.q_proj", k="attn.k_proj", v="attn.v_proj", projection="attn.out_proj", norm1="ln_1",
        norm2="ln_1", mlp="mlp", up="mlp.fc_in", down="mlp.fc_out", parallel=lambda config: True),
    "opt": Family(
        embedding="model.decoder.embed_tokens", positions="model.decoder.embed_positions",
        layers="model.decoder.layers", final_norm="model.decoder.final_layer_norm", attention="self_attn",
        q="self_attn.q_proj", k="self_attn.k_proj", v="self_attn.v_proj", projection="self_attn.out_proj",
        norm1="self_attn_layer_norm", norm2="final_layer_norm", up="fc1", down="fc2", rotary=False),
    "phi": Family(
        embedding="model.embed_tokens", layers="model.layers", final_norm="model.final_layernorm",
        attention="self_attn", q="self_attn.q_proj", k="self_attn.k_proj", v="self_attn.v_proj",
        projection="self_attn.dense", norm1="input_layernorm", norm2="input_layernorm", mlp="mlp",
        up="mlp.fc1", down="mlp.fc2", parallel=lambda config: True),
    "llama": _llama(),
    "mistral": _llama(),
    "qwen2": _llama(),
    "qwen3": _llama(),
    "olmo2": _llama(
        norm1=None, norm1_post="post_attention_layernorm", norm2=None,
        norm2_post="post_feedforward_layernorm"),
    "gemma": _llama(),
    "gemma2": _llama(**_SANDWICH),
    "gemma3_text": _llama(**_SANDWICH),
}
