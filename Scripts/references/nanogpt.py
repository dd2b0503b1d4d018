"""Models as nanoGPT saves them: ckpt.pt with `model`, `model_args` and what training needs to go on.

nanoGPT's model is GPT-2 with exact GELU, [output, input] matrices and, without `bias`, neither biases nor
shifts of norms: a Hugging Face GPT-2 model with the same weights computes the same.
"""

from pathlib import Path

import torch
from transformers import GPT2LMHeadModel

from cases import NanoGPTCase
from weights import fill

TRANSPOSED = ("attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight")


def make(directory: Path, case: NanoGPTCase) -> GPT2LMHeadModel:
    """Writes ckpt.pt and returns the Hugging Face model that computes the same."""
    config = case.config
    model = GPT2LMHeadModel._from_config(config, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(case.seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            value = fill(name, tuple(parameter.shape), parameter.shape[0], generator)
            parameter.copy_(torch.zeros_like(value) if name.endswith("bias") and not case.bias else value)
    state = {
        name: value.T.contiguous() if name.endswith(TRANSPOSED) else value
        for name, value in model.state_dict().items()
        if case.bias or not name.endswith("bias")
    }
    prefix = "_orig_mod." if case.compiled else ""
    sizes = dict(
        n_layer=config.n_layer, n_head=config.n_head, n_embd=config.n_embd, block_size=config.n_positions,
        bias=case.bias, vocab_size=config.vocab_size, dropout=0.0)
    directory.mkdir(parents=True, exist_ok=True)
    torch.save(
        {
            "model": {prefix + name: value for name, value in state.items()},
            "optimizer": {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 1e-3, "params": [0]}]},
            "model_args": sizes,
            "iter_num": 3,
            "best_val_loss": torch.tensor(2.5),
            "config": {"dataset": "shakespeare_char", "device": "cpu", "compile": case.compiled, **sizes},
        },
        directory / "ckpt.pt")
    return model
