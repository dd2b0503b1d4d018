"""The random-weight models that references are recorded for.

Sizes are odd on purpose: five heads, widths that are no multiple of 16, a context of 67 and a vocabulary of
61, so that a kernel which only works on round sizes is caught. Each case turns on something that another
leaves off; its comment says what.
"""

from dataclasses import dataclass, field

from transformers import (
    Gemma2Config, Gemma3TextConfig, GemmaConfig, GPT2Config, GPTJConfig, GPTNeoConfig, GPTNeoXConfig,
    LlamaConfig, MistralConfig, Olmo2Config, OPTConfig, PhiConfig, PreTrainedConfig, Qwen2Config, Qwen3Config)

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


@dataclass(frozen=True)
class NanoGPTCase:
    """A model as nanoGPT trains and saves it (see nanogpt.py)."""

    name: str
    config: GPT2Config
    seed: int
    bias: bool = True
    compiled: bool = False


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


def llama_like(config_class=LlamaConfig, **changes) -> PreTrainedConfig:
    """A small configuration of a family in Llama's layout with `changes` applied."""
    settings = dict(
        vocab_size=VOCABULARY, max_position_embeddings=CONTEXT, num_hidden_layers=2, hidden_size=36,
        num_attention_heads=6, num_key_value_heads=2, intermediate_size=53, bos_token_id=1, eos_token_id=2,
        pad_token_id=None,
    )
    return config_class(**{**settings, **changes})


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
    # Sinusoids of an odd width, and an MLP.
    InductCase("induct-sinusoidal", induct(positions="sinusoidal", position_amplitude=0.7, d_mlp=53), seed=35),
    # Smeared keys, attention only.
    InductCase("induct-smeared", induct(smeared_keys=True), seed=36),
    # Smeared keys that turn, whole heads; an MLP, tied embeddings.
    InductCase(
        "induct-smeared-rotary",
        induct(
            smeared_keys=True, positions="rotary", d_head=8, rotary_dim=8, rotary_base=500.0, d_mlp=53,
            activation="relu", tie_embeddings=True),
        seed=37),
    # Three query heads to a key/value head, an unembedding of its own.
    HuggingFaceCase("llama", llama_like(), seed=41),
    # As Llama 3.2: angles scaled in three bands, tied embeddings; biases, which the format allows.
    HuggingFaceCase(
        "llama-llama3",
        llama_like(
            hidden_size=40, num_attention_heads=5, num_key_value_heads=5, tie_word_embeddings=True,
            attention_bias=True, mlp_bias=True,
            rope_parameters={
                "rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0,
                "high_freq_factor": 4.0, "original_max_position_embeddings": 32,
            }),
        seed=42, older_config=True),
    # Angles scaled alike, one key/value head, heads that are wider than their share, an epsilon that shows.
    HuggingFaceCase(
        "llama-linear",
        llama_like(
            head_dim=10, num_key_value_heads=1, rms_norm_eps=0.01,
            rope_parameters={"rope_type": "linear", "rope_theta": 1000.0, "factor": 4.0}),
        seed=43, older_config=True),
    # A window in every layer.
    HuggingFaceCase("mistral", llama_like(MistralConfig, sliding_window=5), seed=44),
    # Biases on queries, keys and values; a window in the upper layer only; tied.
    HuggingFaceCase(
        "qwen2",
        llama_like(
            Qwen2Config, use_sliding_window=True, sliding_window=6, max_window_layers=1,
            tie_word_embeddings=True),
        seed=45),
    # Norms on each head's queries and keys.
    HuggingFaceCase("qwen3", llama_like(Qwen3Config, head_dim=10, num_key_value_heads=3), seed=46),
    # Norms on what is written, and on queries and keys across heads.
    HuggingFaceCase("olmo2", llama_like(Olmo2Config, rms_norm_eps=0.003), seed=47),
    # One layer norm for attention and MLP, half of each head rotated, biases everywhere.
    HuggingFaceCase(
        "phi",
        PhiConfig(
            vocab_size=VOCABULARY, max_position_embeddings=CONTEXT, num_hidden_layers=2, hidden_size=40,
            num_attention_heads=5, intermediate_size=53,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5}),
        seed=48, older_config=True),
    # Neighbouring dimensions rotate together.
    HuggingFaceCase(
        "gptj",
        GPTJConfig(
            vocab_size=VOCABULARY, n_positions=CONTEXT, n_embd=40, n_layer=2, n_head=5, rotary_dim=6,
            n_inner=53, bos_token_id=1, eos_token_id=2),
        seed=49),
    # No scale, a window in the second layer.
    HuggingFaceCase(
        "gpt-neo",
        GPTNeoConfig(
            vocab_size=VOCABULARY, max_position_embeddings=CONTEXT, hidden_size=35, num_layers=2, num_heads=5,
            attention_types=[[["global", "local"], 1]], window_size=5, intermediate_size=53, bos_token_id=1,
            eos_token_id=2),
        seed=50),
    # Positions stored two rows down.
    HuggingFaceCase(
        "opt",
        OPTConfig(
            vocab_size=VOCABULARY, max_position_embeddings=CONTEXT, hidden_size=35, num_hidden_layers=2,
            num_attention_heads=5, ffn_dim=53, bos_token_id=2, eos_token_id=2, pad_token_id=1),
        seed=51),
    # Scaled embedding, gains stored less one, a GELU gate.
    HuggingFaceCase("gemma", llama_like(GemmaConfig, head_dim=10, num_key_value_heads=1), seed=52),
    # Norms on both sides, caps, a window in every other layer.
    HuggingFaceCase(
        "gemma2",
        llama_like(
            Gemma2Config, head_dim=10, query_pre_attn_scalar=7, sliding_window=4, attn_logit_softcapping=3.0,
            final_logit_softcapping=5.0),
        seed=53),
    # Two layers with a window to one without, each kind with its own rotation, no caps.
    HuggingFaceCase(
        "gemma3",
        llama_like(
            Gemma3TextConfig, num_hidden_layers=4, head_dim=10, query_pre_attn_scalar=7, sliding_window=4,
            sliding_window_pattern=3,
            rope_parameters={
                "full_attention": {"rope_type": "linear", "rope_theta": 5000.0, "factor": 8.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 100.0},
            }),
        seed=54, older_config=True),
    # nanoGPT with biases.
    NanoGPTCase("nanogpt", gpt2(activation_function="gelu"), seed=61),
    # nanoGPT without them, saved from a compiled model.
    NanoGPTCase("nanogpt-biasless", gpt2(activation_function="gelu"), seed=62, bias=False, compiled=True),
]
