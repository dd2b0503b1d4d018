"""Loads a local GPT-NeoX or GPT-2 directory into TransformerLens, float32, without its weight processing.

`HookedTransformer.from_pretrained` accepts only the names it knows, so this takes the same steps with the
library's own functions. Processing (folding norms, centring) would cost time and change no result here
but ablated heads, whose z would come without the value bias.
"""

import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import torch  # noqa: E402
from transformer_lens import HookedTransformer, HookedTransformerConfig  # noqa: E402
from transformer_lens.loading_from_pretrained import (  # noqa: E402
    convert_hf_model_config, get_pretrained_state_dict)
from transformers.utils import logging  # noqa: E402

logging.disable_progress_bar()


def load(directory: Path) -> HookedTransformer:
    """The model in `directory`, ready to run on the CPU."""
    settings = convert_hf_model_config(str(directory))
    settings |= {"tokenizer_name": None, "init_weights": False, "device": "cpu", "dtype": torch.float32}
    config = HookedTransformerConfig.from_dict(settings)
    weights = get_pretrained_state_dict(str(directory), config, dtype=torch.float32)
    model = HookedTransformer(config, move_to_device=False)
    model.load_state_dict(weights, strict=False)
    return model.eval()
