#!/usr/bin/env python3
"""Write the reference fixtures of the tokenizer tests with Hugging Face's `tokenizers`.

Into OUTPUT go:

- references.jsonl: one JSON list a line, [text, ids with GPT-2, ids with GPT-NeoX]: every Unicode block,
  emoji sequences, white space, code, numbers, contractions, control characters, special tokens,
  combining marks, Hangul, long runs, and texts mixed from all of these;
- texts.json: count and checksum (FNV-1a over the ids, four bytes each, lowest first) of a whole text;
- toy/, flags/, words/: small tokenizer.json files: a byte-level BPE trained on a toy text; the same with
  merges in the old form, every kind of added token, a prefix space and a template; a list of words;
- plain/: the toy vocabulary as vocab.json and merges.txt;
- toys.jsonl: [text, ids with toy, ids with flags without and with special tokens, text from the ids].

(The file is not named after the package it tests, or Python would import it in the package's place.)
The same versions give the same bytes.

usage: tokenizer_references.py DATA OUTPUT
DATA holds gpt2/vocab.json, gpt2/merges.txt, gpt-neox/tokenizer.json and tinyshakespeare.txt.
"""

import argparse
import json
import pathlib
import random
import unicodedata

from tokenizers import (AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers,
                        processors, trainers)

TOY_TEXT = [
    "The cat sat on the mat, and the dog sat on the log.", "the theatre is there; they're with them",
    "Mary gave John the book, and John gave Mary the pen.", "def add(a, b):\n    return a + b\n",
    "naïve café, Ångström, Ünïcödé; élan vital, über alles", "1 12 123 1234 12345, 3.14159 and 2.71828",
    "it's, we've, I'll, you'd, don't, I'm", "one two  three   four    five\n\n\tsix",
] * 4

WORDS = ("A B C D E F G H I J K L M N O P Q R S T U V W X Y Z 0 1 2 3 4 5 6 7 8 9 Mary John Anna Paul gave "
         "the a book pen to and . , said went store garden café \"quote\" back\\slash").split()

# Large blocks of one kind: sampled thinly. Everything else gives one scalar for each row of 16, and no
# block is smaller than a row.
UNIFORM = [(0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0xE000, 0xF900), (0x13000, 0x13400),
           (0x14400, 0x14600), (0x17000, 0x18D00), (0x1B170, 0x1B2FC), (0x20000, 0x32400), (0xF0000, 0x110000)]
EMPTY = [(0xD800, 0xE000), (0x32400, 0xE0000), (0xE0200, 0xF0000), (0x18E00, 0x1AF00)]

EMOJI = ["👍", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "❤︎", "1️⃣", "🏳️‍🌈", "🤷🏾‍♀️", "🧑‍🚀", "☃", "😀😃😄", "🫠", "🫨", "🪿", "🇦", "👨‍"]

CONTRACTIONS = ["s", "t", "re", "ve", "m", "ll", "d", "S", "T", "RE", "VE", "M", "LL", "D", "r", "v", "l",
                "x", "re's", "sure", "lls", "Re", "ſ"]

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
NOT_QUITE_SPACES = "\u200b\u200d\u2060\ufeff\u180e\x1c\x1d\x1e\x1f\x00\x7f"

CODE = [
    "for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; }", "let x = try? foo()?.bar ?? \"none\"",
    "    def __init__(self, *args, **kwargs):\n        super().__init__()\n",
    "<html><body class=\"x\">&nbsp;</body></html>", "SELECT * FROM t WHERE id IN (1, 2, 3);",
    "if [ -z \"$x\" ]; then\n\techo 'no'\nfi", "\\begin{equation} e^{i\\pi} + 1 = 0 \\end{equation}",
    "https://example.org/a/b?c=d&e=%20#frag", "a=>b!==c&&d||!e", "#include <stdio.h>\r\nint main(){}\r\n",
    "x_1 = snake_case + camelCase - PascalCase", "0x1F + 0b1010 + 1e-9 + 1_000_000", "{\"k\": [1, null, true]}",
]

NUMBERS = ["0", "42", "007", "3.14159", "1,234,567.89", "1e10", "½⅓²³", "٣٤٥", "१२३", "ⅣⅫ", "①②", "12ab34",
           "１２３", "$9.99", "100%", "-1", "2024-11-21T21:28:41Z", "𝟘𝟙𝟚", "〇一二", " 1 22 333"]

NORMAL_FORMS = ["e\u0301", "\u00e9", "A\u030a", "\u212b", "\u00c5", "\u1ea5", "a\u0302\u0301", "a\u0301\u0302",
                "q\u0307\u0323", "q\u0323\u0307", "\u1e9b\u0323", "\u0344", "\u0958", "\u0915\u093c", "\u2126",
                "\u0340\u0341", "\u0374", "\uf900", "\U0002f800", "\u0f73\u0f75", "o\u0334\u0302\u0301",
                "\u1100\u1161", "\u1100\u1161\u11a8", "\uac00\u11a8", "\u1161\u1100", "\u11a8", "\uac01\u11a8",
                "\u0b47\u0b56", "\U00011099\U000110ba", "\U00011935\U00011930", "\U00011938", "\u0cc6\u0cc2\u0cd5",
                "\u0301", "\u0301\u0327a", "\u0c3c\u0334", "\u1df6\u0334", "\u05d0\u05bc\u05b8", "\u304b\u3099",
                ">\u0338", "<|endoftext|>\u0338", "\u0338<|endoftext|>", "=\u0338 a\u0315\u0300\u05ae\u0062"]

SPECIALS = ["<|endoftext|>", "a<|endoftext|>b", "<|endoftext|><|endoftext|>", " <|endoftext|> ", "<|endoftext",
            "<|ENDOFTEXT|>", "<<|endoftext|>>", "<|padding|>x", "<|pad<|padding|>", "\n<|endoftext|>\n",
            "<| endoftext |>", "<|endoftext|>" * 3 + "  "]


def rows():
    """One scalar of each row of 16 (thinly for large blocks of one kind), in order."""
    chosen, start, generator = [], 0, random.Random(1)
    while start < 0x110000:
        step = 16
        for low, high in UNIFORM:
            if low <= start < high:
                step = min(high - start, 0x200 if start < 0xF0000 else 0x4000)
        if not any(low <= start < high for low, high in EMPTY):
            row = range(start, start + 16)
            assigned = [c for c in row if unicodedata.category(chr(c)) != "Cn"]
            chosen.append(generator.choice(assigned or list(row)))
        start += step
    return [c for c in chosen if not 0xD800 <= c < 0xE000]


def texts(shakespeare):
    """The test strings, in a fixed order, without repetition."""
    generator = random.Random(2)
    blocks = rows()
    result = ["", " ", "a", "Hello, world!", " Hello  world \n"]
    for start in range(0, len(blocks), 6):
        group = [chr(c) for c in blocks[start:start + 6]]
        result.append(generator.choice(["", " "]).join(group))
    result += [f"x{chr(c)}y 1{chr(c)}2" for c in generator.sample(blocks, 150)]
    result += EMOJI + [" ".join(EMOJI[:6]), "ok " + "".join(EMOJI[6:12])]
    for tail in CONTRACTIONS:
        result += [f"it'{tail}", f" '{tail}", f"IT’{tail} 1'{tail}!", f"''{tail}'"]
    result += [s * n for s in SPACES for n in (1, 2, 5)] + [f"a{s}b{s}{s}c {s}d{s} e" for s in SPACES]
    result += [f"a{s}b {s} c{s}{s}" for s in NOT_QUITE_SPACES]
    result += [" " * n + "x" for n in range(2, 27)] + ["\n" * n + "x" for n in (2, 3, 8)]
    for _ in range(120):
        length = generator.randrange(2, 14)
        result.append("".join(generator.choice(SPACES + "   a1!é") for _ in range(length)))
    result += CODE + [line + "\n\n    " + line for line in CODE[:6]] + NUMBERS
    result += NORMAL_FORMS + [f"a{s}b {s}" for s in NORMAL_FORMS]
    result += SPECIALS
    result += [chr(c) for c in range(0x00, 0xA1)] + [f"a{chr(c)}{chr(c)} b" for c in range(0x00, 0x20)]
    marks = [c for c in range(0x300, 0x1E944) if unicodedata.combining(chr(c))]
    for _ in range(120):
        base = generator.choice("aeqéǖệΩ가")
        result.append(base + "".join(chr(generator.choice(marks)) for _ in range(generator.randrange(1, 5))))
    jamo = [*range(0x1100, 0x1200), *range(0xAC00, 0xAC40), *range(0xD7A0, 0xD7A4), 0xA960, 0xD7B0, 0xD7CB]
    for _ in range(60):
        result.append("".join(chr(generator.choice(jamo)) for _ in range(generator.randrange(2, 7))))
    result += [c * n for c in ["a", "=", "-", "é", "ab", "あ", "🙂", "1", "\u0301"] for n in (49, 100)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    for _ in range(60):
        result.append("".join(generator.choice(letters) for _ in range(generator.randrange(5, 90))))
    for _ in range(220):
        start = generator.randrange(len(shakespeare) - 100)
        result.append(shakespeare[start:start + generator.randrange(5, 80)])
    pool = EMOJI + CODE[:4] + NUMBERS + NORMAL_FORMS + SPECIALS + list(SPACES) + ["'s", " the", "  ", "Mary"]
    for _ in range(220):
        result.append("".join(generator.choice(pool) for _ in range(generator.randrange(2, 6))))
    return list(dict.fromkeys(result))


def checksum(ids):
    """FNV-1a, 64 bits, over the ids as four bytes each, lowest first."""
    value = 0xCBF29CE484222325
    for number in ids:
        for byte in number.to_bytes(4, "little"):
            value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def gpt2(directory):
    """GPT-2's tokenizer from its own two files."""
    tokenizer = Tokenizer(models.BPE.from_file(str(directory / "vocab.json"), str(directory / "merges.txt")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("<|endoftext|>", normalized=False)])
    return tokenizer


def toy():
    """A byte-level BPE trained on the toy text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.train_from_iterator(TOY_TEXT, trainer)
    return tokenizer


def flags(base):
    """The toy with every kind of added token, a prefix space, a template and old-style merges."""
    tokenizer = Tokenizer.from_str(base.to_str())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.add_tokens([
        AddedToken("word", single_word=True, normalized=False),
        AddedToken("<left>", lstrip=True, normalized=False),
        AddedToken("<right>", rstrip=True, normalized=False),
        AddedToken("<both>", lstrip=True, rstrip=True, single_word=True, normalized=True),
        AddedToken("e\u0301toile", normalized=True),
        AddedToken("e\u0301cru", normalized=False),
        AddedToken("  ", normalized=True), AddedToken("    ", normalized=True),
        AddedToken("wordy", normalized=False), AddedToken("\t\t", normalized=False),
    ])
    tokenizer.add_special_tokens([AddedToken("<s>", normalized=False), AddedToken("</s>", normalized=False)])
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(
            single="<s> $A </s>", pair="<s> $A </s> $B:1 </s>:1",
            special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("<s>", "</s>")]),
    ])
    content = json.loads(tokenizer.to_str())
    content["model"]["merges"] = [" ".join(pair) for pair in content["model"]["merges"]]
    del content["model"]["type"], content["model"]["byte_fallback"], content["model"]["ignore_merges"]
    content["model"]["continuing_subword_prefix"] = ""
    text = json.dumps(content, ensure_ascii=True, indent=1) + "\n"
    return Tokenizer.from_str(text), text


def flag_texts(all_texts):
    """Strings that make the kinds of added tokens matter, and every fourth of the others."""
    generator = random.Random(3)
    pool = ["word", "wordy", "swordfish", "a_word", "<left>", "<right>", "<both>", "étoile", "e\u0301toile",
            "écru", "e\u0301cru", " ", "  ", "     ", "\t", "\t\t", "\n", "\u00a0", "\u2003", "x", "é", "1", "_",
            "\u0301", "<s>", "</s>", "<|endoftext|>", "the cat", ".", "\u200d", "ª", "·"]
    mixed = ["".join(generator.choice(pool) for _ in range(generator.randrange(1, 8))) for _ in range(320)]
    return list(dict.fromkeys(mixed + all_texts[::8]))


def words():
    """A list of words with an opening token."""
    vocabulary = {word: index for index, word in enumerate(["<bos>", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.add_special_tokens([AddedToken("<bos>", normalized=False)])
    return tokenizer


def write_lines(path, lines):
    """One compact JSON value a line."""
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=pathlib.Path, help="directory of the real vocabularies and the text")
    parser.add_argument("output", type=pathlib.Path, help="directory to write the fixtures into")
    arguments = parser.parse_args()
    data, output = arguments.data, arguments.output
    real = [gpt2(data / "gpt2"), Tokenizer.from_file(str(data / "gpt-neox" / "tokenizer.json"))]
    shakespeare = (data / "tinyshakespeare.txt").read_text(encoding="utf-8")
    for name in ["toy", "flags", "words", "plain"]:
        (output / name).mkdir(parents=True, exist_ok=True)

    strings = texts(shakespeare)
    write_lines(output / "references.jsonl", [[s, *(t.encode(s).ids for t in real)] for s in strings])
    whole = {}
    for name, tokenizer in zip(["gpt2", "gpt-neox"], real):
        ids = tokenizer.encode(shakespeare).ids
        whole[name] = {"count": len(ids), "checksum": checksum(ids)}
    (output / "texts.json").write_text(json.dumps({"tinyshakespeare.txt": whole}, indent=1) + "\n")

    base = toy()
    (output / "toy" / "tokenizer.json").write_text(base.to_str() + "\n", encoding="utf-8")
    flagged, text = flags(base)
    (output / "flags" / "tokenizer.json").write_text(text, encoding="utf-8")
    (output / "words" / "tokenizer.json").write_text(words().to_str(pretty=True) + "\n", encoding="utf-8")
    base.model.save(str(output / "plain"))
    write_lines(output / "toys.jsonl", [
        [s, base.encode(s).ids, flagged.encode(s, add_special_tokens=False).ids, flagged.encode(s).ids,
         flagged.decode(flagged.encode(s).ids, skip_special_tokens=False)]
        for s in flag_texts(strings)])
    print(f"{len(strings)} strings")


if __name__ == "__main__":
    main()
