"""The random-weight models that references are recorded for.

Sizes are odd on purpose: five heads, widths that are no multiple of 16, a context of 67 and a vocabulary of
61, so that a kernel which only works on round sizes is caught. Each case turns on something that another
leaves off; its comment says what.
"""

from dataclasses import dataclass, field

from transformers import GPT2Config, GPTNeoXConfig, PreTrainedConfig

VOCABULARY = 61
CONTEXT = 67


@dataclass(frozen=True)
class HuggingFaceCase:
    """A model of a Hugging Face class. `older_config` also writes config-v4.json, the older spelling."""

    name: str
    config: PreTrainedConfig
    seed: int
    older_config: bool = False


@dataclass(frozen=True)
class InductCase:
    """A model in the induct format (see induct_format.py)."""

    name: str
    config: dict = field(hash=False)
    seed: int = 0


def gpt2(**changes) -> GPT2Config:
    """A small GPT-2 configuration with `changes` applied."""
    settings = dict(
        vocab_size=VOCABULARY, n_positions=CONTEXT, n_embd=35, n_head=5, n_layer=2,
        bos_token_id=VOCABULARY - 1, eos_token_id=VOCABULARY - 1,
    )
    return GPT2Config(**{**settings, **changes})


def gpt_neox(rotary_share: float, rotary_base: float, **changes) -> GPTNeoXConfig:
    """A small GPT-NeoX configuration with `changes` applied."""
    settings = dict(
        vocab_size=VOCABULARY, max_position_embeddings=CONTEXT, num_hidden_layers=2, num_attention_heads=5,
        bos_token_id=0, eos_token_id=0,
        rope_parameters={
            "rope_type": "default", "rope_theta": rotary_base, "partial_rotary_factor": rotary_share,
        },
    )
    return GPTNeoXConfig(**{**settings, **changes})


def induct(**changes) -> dict:
    """A small configuration of the induct format with `changes` applied."""
    settings = dict(
        model_type="induct", n_layers=2, n_heads=5, d_model=35, d_head=7, d_vocab=VOCABULARY, n_ctx=CONTEXT,
        normalization="layer_norm", layer_norm_eps=1e-5, positions="learned", rotary_base=10000.0,
        rotary_dim=0, tie_embeddings=False, attention_bias=True, d_mlp=0, activation="gelu_new",
    )
    return {**settings, **changes}


CASES = [
    # The usual GPT-2: tanh GELU, tied embeddings, MLP of four times the width.
    HuggingFaceCase("gpt2", gpt2(), seed=11),
    # Exact GELU, an unembedding of its own, an odd MLP width, an epsilon that shows.
    HuggingFaceCase(
        "gpt2-untied",
        gpt2(activation_function="gelu", tie_word_embeddings=False, n_inner=53, layer_norm_epsilon=0.01),
        seed=12),
    # ReLU, and scores divided by the layer's number as well.
    HuggingFaceCase(
        "gpt2-relu",
        gpt2(activation_function="relu", n_inner=53, n_embd=25, scale_attn_by_inverse_layer_idx=True),
        seed=13),
    # As Pythia: parallel residual, a quarter of each head rotated.
    HuggingFaceCase(
        "gpt-neox-parallel", gpt_neox(0.25, 10000.0, hidden_size=40, intermediate_size=101), seed=21,
        older_config=True),
    # Attention before MLP, whole heads rotated on another base, no attention biases, an epsilon that shows.
    HuggingFaceCase(
        "gpt-neox-sequential",
        gpt_neox(
            1.0, 500.0, hidden_size=30, intermediate_size=77, use_parallel_residual=False,
            attention_bias=False, layer_norm_eps=0.01),
        seed=22),
    # Half of each head rotated, tied embeddings, ReLU, another head count.
    HuggingFaceCase(
        "gpt-neox-tied",
        gpt_neox(
            0.5, 10000.0, hidden_size=36, num_attention_heads=3, intermediate_size=53, hidden_act="relu",
            tie_word_embeddings=True),
        seed=23),
    # Attention only, layer norm, learned positions.
    InductCase("induct-attention", induct(), seed=31),
    # Attention only, no norm, rotary positions (six of seven dimensions), no attention biases.
    InductCase(
        "induct-rotary",
        induct(
            normalization="none", positions="rotary", rotary_dim=6, rotary_base=1000.0,
            attention_bias=False),
        seed=32),
    # Attention only, no positions, tied embeddings, heads that do not fill the width (5 x 6 of 35).
    InductCase(
        "induct-positionless",
        induct(positions="none", tie_embeddings=True, d_head=6, layer_norm_eps=0.01), seed=33),
    # With an MLP in each block.
    InductCase("induct-mlp", induct(d_mlp=53), seed=34),
]
