"""Writes the small checkpoints that the tests of all storage read.

    python storage.py [OUTPUT_DIR]

Under Tests/CheckpointsTests/Fixtures by default:

    nanogpt/out-tiny/ckpt.pt   as nanoGPT's train.py saves a compiled model after a step of training: names begin
                               with `_orig_mod.`, the embedding and lm_head are one tensor, AdamW has state
    nanogpt/data/tiny_char/meta.pkl    as its prepare.py writes it
    nanogpt-plain/             the same of a model that is not compiled, without biases, meta.pkl beside it
    sharded-safetensors/       GPT-2 as transformers' save_pretrained writes it in shards
    sharded-bin/               the same weights as older versions wrote them: pytorch_model-*.bin and an index
    single-bin/                float16, one pytorch_model.bin; and single-bin-bfloat16/
    tensors/pytorch_model.bin  views, shared storages, transposes, all element types
    older/                     what is refused: the container before PyTorch 1.6, a TorchScript program
    pickles/                   one dictionary in protocols 2 to 5

Each folder has `expected.safetensors`: every floating-point tensor by the name under which it is to be found,
contiguous, in its own type. The same package versions give the same values.
"""

import argparse
import json
import pickle
import warnings
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel

from weights import fill

DEFAULT_OUTPUT = Path(__file__).resolve().parents[2] / "Tests" / "CheckpointsTests" / "Fixtures"
TEXT = "It was the best of times,\nit was the worst of times: é"


class Norm(torch.nn.Module):
    """nanoGPT's layer norm: the bias is optional."""

    def __init__(self, width: int, bias: bool):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(width))
        self.bias = torch.nn.Parameter(torch.zeros(width)) if bias else None


class Block(torch.nn.Module):
    def __init__(self, width: int, bias: bool):
        super().__init__()
        self.ln_1 = Norm(width, bias)
        self.attn = torch.nn.ModuleDict({
            "c_attn": torch.nn.Linear(width, 3 * width, bias=bias),
            "c_proj": torch.nn.Linear(width, width, bias=bias),
        })
        self.ln_2 = Norm(width, bias)
        self.mlp = torch.nn.ModuleDict({
            "c_fc": torch.nn.Linear(width, 4 * width, bias=bias),
            "c_proj": torch.nn.Linear(4 * width, width, bias=bias),
        })


class Model(torch.nn.Module):
    """Parameters with nanoGPT's names and shapes; its forward pass only touches each of them."""

    def __init__(self, arguments: dict):
        super().__init__()
        width, bias = arguments["n_embd"], arguments["bias"]
        self.transformer = torch.nn.ModuleDict({
            "wte": torch.nn.Embedding(arguments["vocab_size"], width),
            "wpe": torch.nn.Embedding(arguments["block_size"], width),
            "h": torch.nn.ModuleList([Block(width, bias) for _ in range(arguments["n_layer"])]),
            "ln_f": Norm(width, bias),
        })
        self.lm_head = torch.nn.Linear(width, arguments["vocab_size"], bias=False)
        self.transformer["wte"].weight = self.lm_head.weight

    def forward(self) -> torch.Tensor:
        return sum(parameter.square().mean() for parameter in self.parameters())


def randomize(module: torch.nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(fill(name, tuple(parameter.shape), parameter.shape[-1], generator))


def expect(directory: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(
        {name: value.detach().clone().contiguous() for name, value in tensors.items() if value.is_floating_point()},
        directory / "expected.safetensors",
    )


def write_meta(path: Path, protocol: int) -> dict:
    characters = sorted(set(TEXT))
    meta = {
        "vocab_size": len(characters),
        "itos": dict(enumerate(characters)),
        "stoi": {character: number for number, character in enumerate(characters)},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        pickle.dump(meta, file, protocol=protocol)
    return meta


def nanogpt(directory: Path, meta: Path, compiled: bool, bias: bool) -> None:
    vocabulary = write_meta(meta, protocol=4)["vocab_size"]
    arguments = dict(n_layer=2, n_head=2, n_embd=8, block_size=6, bias=bias, vocab_size=vocabulary, dropout=0.1)
    raw = Model(arguments)
    randomize(raw, seed=3)
    model = torch.compile(raw) if compiled else raw
    optimizer = torch.optim.AdamW(raw.parameters(), lr=1e-3)
    raw().backward()
    optimizer.step()
    directory.mkdir(parents=True, exist_ok=True)
    torch.save(
        {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "model_args": arguments,
            "iter_num": 1,
            "best_val_loss": torch.tensor(3.25) if compiled else 1e9,
            "config": {
                "out_dir": directory.name, "dataset": "tiny_char", "learning_rate": 1e-3, "compile": compiled,
                "init_from": "scratch", "max_iters": 1, "device": "cpu", "dtype": "bfloat16",
            },
        },
        directory / "ckpt.pt",
    )
    expect(directory, raw.state_dict())


def hugging_face(output: Path) -> None:
    config = GPT2Config(n_layer=2, n_head=2, n_embd=8, n_positions=6, vocab_size=11, bos_token_id=0, eos_token_id=0)
    model = GPT2LMHeadModel(config).eval()
    randomize(model, seed=4)
    state = model.state_dict()
    del state["lm_head.weight"]

    sharded = output / "sharded-safetensors"
    model.save_pretrained(sharded, max_shard_size="2KB")
    expect(sharded, state)

    # transformers 5 writes safetensors only; this is what version 4 did with safe_serialization=False.
    binary = output / "sharded-bin"
    model.config.save_pretrained(binary)
    groups: list[dict[str, torch.Tensor]] = [{}]
    for name, value in model.state_dict().items():
        if sum(tensor.nbytes for tensor in groups[-1].values()) > 3000:
            groups.append({})
        groups[-1][name] = value
    weight_map = {}
    for number, group in enumerate(groups, 1):
        file = f"pytorch_model-{number:05}-of-{len(groups):05}.bin"
        torch.save(group, binary / file)
        weight_map |= {name: file for name in group}
    index = {"metadata": {"total_size": sum(tensor.nbytes for tensor in state.values())}, "weight_map": weight_map}
    (binary / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")
    expect(binary, model.state_dict())

    for folder, dtype in (("single-bin", torch.float16), ("single-bin-bfloat16", torch.bfloat16)):
        single = output / folder
        model.config.save_pretrained(single)
        half = model.to(dtype).state_dict()
        torch.save(half, single / "pytorch_model.bin")
        expect(single, half)


def tensors(output: Path) -> None:
    generator = torch.Generator().manual_seed(5)
    base = torch.randn(4, 6, generator=generator)
    cube = torch.randn(2, 3, 5, generator=generator)
    floating = {
        "base": base,
        "base.tied": base,
        "base.transposed": base.t(),
        "base.rows": base[1:3],
        "base.columns": base[:, 2:5],
        "base.every second": base[::2, 1::3],
        "base.flat": base.view(24),
        "cube.permuted": cube.permute(2, 0, 1),
        "cube.last": cube[1, 2, 4],
        "parameter": torch.nn.Parameter(torch.randn(3, 2, generator=generator)),
        "double": torch.randn(3, 4, generator=generator, dtype=torch.float64).t(),
        "half": torch.randn(5, 2, generator=generator).half()[1:],
        "bfloat16": torch.randn(2, 5, generator=generator).bfloat16().t(),
        "scalar": torch.tensor(2.5),
        "empty": torch.empty(0, 3),
        "one row": torch.randn(1, 3, generator=generator).expand(1, 3),
    }
    others = {
        "repeated": torch.tensor([[1.5], [2.5]]).expand(2, 1000),
        "long": torch.arange(6).view(2, 3),
        "bool": torch.tensor([True, False]),
        "float8": torch.ones(3).to(torch.float8_e4m3fn),
        "uint16": torch.ones(3, dtype=torch.uint16),
        "complex": torch.ones(2, dtype=torch.complex64),
        "number": 7,
        "size": base.shape,
        "device": torch.device("cpu"),
        "type": torch.float16,
    }
    directory = output / "tensors"
    directory.mkdir(parents=True, exist_ok=True)
    torch.save({**floating, **others}, directory / "pytorch_model.bin")
    (directory / "config.json").write_text('{"model_type": "none"}\n')
    expect(directory, floating)


def older(output: Path) -> None:
    directory = output / "older"
    directory.mkdir(parents=True, exist_ok=True)
    torch.save({"a": torch.ones(2)}, directory / "before-1.6.pt", _use_new_zipfile_serialization=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 3), torch.ones(1, 2)), directory / "script.pt")


def pickles(output: Path) -> None:
    directory = output / "pickles"
    directory.mkdir(parents=True, exist_ok=True)
    shared = ["x", "é" * 200]
    value = {
        "ints": [0, 1, -1, 255, 256, 65536, -2147483648, 2147483648, -(2**63), 2**63 - 1],
        "large": 2**64, "float": -0.1, "true": True, "none": None, "bytes": b"\0\1", "tuple": (1, (2, 3), (), (4,) * 5),
        "shared": [shared, shared], 3: "three",
    }
    for protocol in range(2, 6):
        (directory / f"protocol-{protocol}.pkl").write_bytes(pickle.dumps(value, protocol=protocol))
    circle: list = []
    circle.append({"circle": circle})
    (directory / "circle.pkl").write_bytes(pickle.dumps({"circle": circle}, protocol=2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", nargs="?", type=Path, default=DEFAULT_OUTPUT)
    output = parser.parse_args().output
    nanogpt(output / "nanogpt/out-tiny", output / "nanogpt/data/tiny_char/meta.pkl", compiled=True, bias=True)
    nanogpt(output / "nanogpt-plain", output / "nanogpt-plain/meta.pkl", compiled=False, bias=False)
    hugging_face(output)
    tensors(output)
    older(output)
    pickles(output)


if __name__ == "__main__":
    main()
