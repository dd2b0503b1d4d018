"""Small tokenizer.json files of the same structure as those of well-known models.

These are not the real vocabularies, which are too large to keep here and not free to pass on: normaliser,
pre-tokeniser, flags of the model, post-processor, decoder and the kinds of added tokens are as the real files
have them, and vocabulary and merges (a few hundred) are trained on a text. Each function of FAMILIES takes
lines of text and a number of tokens, and returns the tokenizer.json of one family as a dict.
"""

import json

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

# The expressions, as the files of these models write them.
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
          r"\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
TAIL = r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SUFFIX = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = (rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+{SUFFIX}|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*{SUFFIX}|"
         r"\p{N}{1,3}" + TAIL)
TEKKEN = (rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*|\p{{N}}" + TAIL)
CL100K = (r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|"
          r"\s*[\r\n]|\s+(?!\S)|\s+")

BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}


def added(number, content, special=True, **flags):
    """An entry of `added_tokens`."""
    return {"id": number, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": special, **flags}


def template(*before, after=()):
    """A post-processor that puts tokens (content, id) around a text."""
    def pieces(tokens):
        return [{"SpecialToken": {"id": content, "type_id": 0}} for content, _ in tokens]

    def text(name, kind):
        return {"Sequence": {"id": name, "type_id": kind}}
    return {
        "type": "TemplateProcessing",
        "single": [*pieces(before), text("A", 0), *pieces(after)],
        "pair": [*pieces(before), text("A", 0), *pieces(after), *pieces(before), text("B", 1), *pieces(after)],
        "special_tokens": {content: {"id": content, "ids": [number], "tokens": [content]}
                           for content, number in [*before, *after]},
    }


def file(model, **parts):
    """A whole file; parts not given are null."""
    empty = dict.fromkeys(["truncation", "padding", "normalizer", "pre_tokenizer", "post_processor", "decoder"])
    order = ["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor",
             "decoder", "model"]
    content = {"version": "1.0", "added_tokens": [], **empty, **parts, "model": model}
    return {name: content[name] for name in order}


def bpe(vocab, merges, **flags):
    """A model, its merges as pairs."""
    return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": vocab, "merges": merges, **flags}


def trained(lines, size, normalizer, pre_tokenizer, alphabet, limit):
    """Merges and single symbols, trained on lines."""
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, initial_alphabet=alphabet,
                                  limit_alphabet=limit)
    tokenizer.train_from_iterator(lines, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return sorted(model["vocab"], key=model["vocab"].get), model["merges"]


def byte_level(lines, size, **flags):
    """A byte-level model. It is trained on whole lines, so that its merges reach across the borders of words:
    a word that is cut in the wrong place has other ids."""
    whole = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    symbols, merges = trained(lines, size, None, whole, sorted(pre_tokenizers.ByteLevel.alphabet()), 256)
    return bpe({symbol: number for number, symbol in enumerate(symbols)}, merges, **flags)


def split(expression):
    """The pre-tokeniser of Llama 3, Qwen and their like."""
    return {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated", "invert": False}, BYTE_LEVEL]}


def characters(lines, size, first, crossing=False):
    """Vocabulary and merges of a SentencePiece-style model: `first`, the 256 bytes, characters and merges. In the
    real ones a mark only begins a token; with `crossing` it may stand anywhere."""
    normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    words = pre_tokenizers.Split("\t" if crossing else "▁", "merged_with_next")
    symbols, merges = trained(lines, size, normalizer, words, ["▁"], 90)
    # Runs of spaces and line breaks are tokens in the real vocabularies, too.
    merges += [["▁", "▁"], ["▁▁", "▁▁"], ["▁▁▁▁", "▁▁▁▁"], ["\n", "\n"]]
    tokens = [*first, *(f"<0x{byte:02X}>" for byte in range(256)), *symbols, *("".join(pair) for pair in merges)]
    tokens = list(dict.fromkeys([*tokens, "\n"]))
    return {token: number for number, token in enumerate(tokens)}, merges


def llama2(lines, size, byte_fallback=True):
    """Llama 2, TinyLlama, Mistral 0.1 as first converted: the prefix by a normaliser, merges as strings."""
    vocab, merges = characters(lines, size, ["<unk>", "<s>", "</s>"])
    return file(
        bpe(vocab, [" ".join(pair) for pair in merges], unk_token="<unk>", fuse_unk=True,
            byte_fallback=byte_fallback),
        added_tokens=[added(0, "<unk>"), added(1, "<s>"), added(2, "</s>")],
        normalizer={"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "▁"},
            {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        post_processor=template(("<s>", 1)),
        decoder=sentence_piece_decoder(strips=True))


def sentence_piece_decoder(strips):
    """The decoder beside byte fallback."""
    steps = [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
             {"type": "Fuse"}]
    if strips:
        steps.append({"type": "Strip", "content": " ", "start": 1, "stop": 0})
    return {"type": "Sequence", "decoders": steps}


def metaspace(lines, size, scheme, splits):
    """The newer form of the same: the prefix by a pre-tokeniser (Mistral since 0.3, `legacy: false`)."""
    content = llama2(lines, size)
    content["normalizer"] = None
    content["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": splits}
    content["model"]["merges"] = [merge.split(" ") for merge in content["model"]["merges"]]
    first = len(content["model"]["vocab"])
    content["added_tokens"] += [added(first, "[INST]"), added(first + 1, "[/INST]")]
    content["post_processor"] = template(("<s>", 1), after=[("</s>", 2)])
    return content


def metaspace_decoder(lines, size):
    """Metaspace both ways, no byte fallback: what is unknown is one `<unk>` each."""
    content = metaspace(lines, size, "always", True)
    piece = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True, "prepend_scheme": "always"}
    content["pre_tokenizer"] = content["decoder"] = piece
    content["model"].update(byte_fallback=False, fuse_unk=False)
    # Tokens that are looked for in the normalised text, and some that take the space around them.
    first = len(content["model"]["vocab"]) + 2
    content["added_tokens"] += [added(first, "Mary", special=False, normalized=True),
                                added(first + 1, "<mask>", lstrip=True), added(first + 2, "<end>", rstrip=True)]
    return content


def llama3(lines, size):
    """Llama 3: whole words first, two post-processors."""
    model = byte_level(lines, size, ignore_merges=True)
    # Words that are tokens without being merged.
    for word in ["Ġunmergeable", "naÃ¯ve", "zzzz"]:
        model["vocab"].setdefault(word, len(model["vocab"]))
    first = len(model["vocab"])
    specials = ["<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|start_header_id|>",
                "<|end_header_id|>", "<|eot_id|>"]
    return file(
        model,
        added_tokens=[added(first + n, content) for n, content in enumerate(specials)],
        pre_tokenizer=split(LLAMA3),
        post_processor={"type": "Sequence", "processors": [
            {**BYTE_LEVEL, "add_prefix_space": True, "use_regex": True}, template((specials[0], first))]},
        decoder={**BYTE_LEVEL, "add_prefix_space": True, "use_regex": True})


def qwen2(lines, size):
    """Qwen 2, 2.5 and 3: NFC, single digits, added tokens that are no special tokens."""
    model = byte_level(lines, size)
    first = len(model["vocab"])
    return file(
        {**model, "continuing_subword_prefix": "", "end_of_word_suffix": ""},
        added_tokens=[added(first, "<|endoftext|>"), added(first + 1, "<|im_start|>"), added(first + 2, "<|im_end|>"),
                      added(first + 3, "<tool_call>", special=False), added(first + 4, "</tool_call>", special=False)],
        normalizer={"type": "NFC"},
        pre_tokenizer=split(QWEN2),
        post_processor=BYTE_LEVEL,
        decoder=BYTE_LEVEL)


def expression(lines, size, pattern):
    """A byte-level file with nothing but an expression: OLMo 2 and GPT-4 (cl100k), GPT-4o, Mistral NeMo."""
    model = byte_level(lines, size)
    return file(model, added_tokens=[added(len(model["vocab"]), "<|endoftext|>")], pre_tokenizer=split(pattern),
                decoder=BYTE_LEVEL)


def gpt2_words(lines, size, first=None, spaces=(), post_processor=None):
    """GPT-2's own split: Phi (added runs of spaces), OPT (a template), SmolLM (single digits)."""
    gpt2 = {**BYTE_LEVEL, "use_regex": True}
    model = byte_level(lines, size)
    opening = ["<s>", "<pad>", "</s>", "<unk>"] if post_processor else []
    vocab = {symbol: number for number, symbol in enumerate([*opening, *model["vocab"], "<|endoftext|>"])}
    count = len(vocab)
    return file(
        {**model, "vocab": vocab, "continuing_subword_prefix": "", "end_of_word_suffix": ""},
        added_tokens=[added(n, content, normalized=True) for n, content in enumerate(opening)]
        + [added(count - 1, "<|endoftext|>")]
        + [added(count + n, text, special=False, normalized=True) for n, text in enumerate(spaces)],
        pre_tokenizer={"type": "Sequence", "pretokenizers": [first, gpt2]} if first else gpt2,
        post_processor=post_processor or BYTE_LEVEL,
        decoder=gpt2)


def gemma(lines, size, crossing=False, **parts):
    """Gemma 1, 2 and 3: a split on spaces that are gone by then, no prefix, many added tokens."""
    vocab, merges = characters(lines, size, ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"], crossing)
    tokens = [added(n, content) for n, content in enumerate(["<pad>", "<eos>", "<bos>", "<unk>"])]
    tokens.append(added(4, "<mask>", special=False))
    runs = ["\n\n", "\n\n\n", "▁▁", "▁▁▁▁", "<table>", "</table>", "\t\t"]
    runs += [f"<unused{n}>" for n in range(24)]
    for content in runs:
        number = vocab.setdefault(content, len(vocab))
        tokens.append(added(number, content, special=False))
    tokens.append(added(len(vocab), "<image_soft_token>"))
    return file(
        bpe(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True),
        **{"added_tokens": sorted(tokens, key=lambda token: token["id"]),
           "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
           "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
                             "invert": False},
           "post_processor": template(("<bos>", 2)), "decoder": sentence_piece_decoder(strips=False), **parts})


DIGITS = {"type": "Digits", "individual_digits": True}

FAMILIES = {
    "llama2": llama2,
    "llama2-unknown": lambda *text: llama2(*text, byte_fallback=False),
    "metaspace-first": lambda *text: metaspace(*text, "first", False),
    "metaspace-never": lambda *text: metaspace(*text, "never", True),
    "metaspace-decoder": metaspace_decoder,
    "llama3": llama3,
    "qwen2": qwen2,
    "cl100k": lambda *text: expression(*text, CL100K),
    "o200k": lambda *text: expression(*text, O200K),
    "tekken": lambda *text: expression(*text, TEKKEN),
    "phi": lambda *text: gpt2_words(*text, spaces=[" " * n for n in range(31, 1, -1)] + ["\t" * 3, "\t" * 2]),
    "opt": lambda *text: gpt2_words(*text, post_processor=template(("</s>", 2))),
    "smollm": lambda *text: gpt2_words(*text, first=DIGITS),
    "gemma": gemma,
    "gemma-plain": lambda *text: gemma(*text, crossing=True, pre_tokenizer=None),
}
