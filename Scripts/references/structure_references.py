#!/usr/bin/env python3
"""Write the reference fixtures of tokenizer files of many models with Hugging Face's `tokenizers`.

Into OUTPUT go:

- structures/NAME.json: one small tokenizer.json for each of tokenizer_structures.FAMILIES. They have the structure
  of the files of well-known models and not their vocabularies;
- structures.jsonl: a JSON list a line. First [names]; then [text, [ids with special tokens, text from these ids,
  or null if it is the text] for each name]: mixed scripts, emoji, combining marks, Hangul in parts, line ends,
  tabs, spaces in every place, digits, contractions in both cases, characters outside the vocabularies, special
  tokens in the middle of text, controls, private use, byte order mark.

The same versions give the same bytes.

usage: structure_references.py DATA OUTPUT
DATA holds tinyshakespeare.txt.
"""

import argparse
import json
import pathlib
import random

from tokenizers import Tokenizer

import tokenizer_references as references
import tokenizer_structures as structures

SIZE = 620

# Where splits, cases and normal forms meet.
PIECES = ["1", "12", "123", "1234", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", "'s", "'S", "'RE", "'ll", "'ſ", "’s",
          "Ab", "aB", "ABC", "abc", "é", "É", "e\u0301", "\u0301", "!", "?!", "/", "//", "=", ".", "_", "ʰ", "ǅ", "あ",
          "中", "\u1100\u1161", "가", " the", "the", "\u00a0", "\u3000", "\u2028", "\x85", "½", "Ⅳ", "１２", "\U00011de3",
          "🙂", "👩‍👩‍👧", "\u200d", "\x00", "\ue000", "\ufeff", "▁", "▁▁", "naïve", "ß", "K"]

TOKENS = ["<s>", "</s>", "<unk>", "<bos>", "<eos>", "<pad>", "<mask>", "<end>", "<0x0A>", "<0xE2>", "[INST]", "[/INST]",
          "Mary", "<unused3>", "<table>", "<image_soft_token>", "<|begin_of_text|>", "<|eot_id|>", "<|im_start|>",
          "<tool_call>", "<|endoftext|>", " unmergeable", "zzzz"]


def lines(shakespeare):
    """What the vocabularies are trained on: prose, and pieces in all orders, so that merges cross every border
    that a split might miss."""
    generator = random.Random(5)
    mixed = ["".join(generator.choice(PIECES) for _ in range(12)) for _ in range(2500)]
    return references.TOY_TEXT + shakespeare.split("\n\n")[:300] + mixed


def texts(shakespeare):
    """The test strings, in a fixed order, without repetition."""
    generator = random.Random(6)
    result = ["", " ", "  ", "a", " a", "a ", "Hello, world!", " Hello  world \n", "▁", " ▁ ", "<s>", " <s> ", "\n"]
    result += PIECES + [f"a {piece} b{piece}{piece}" for piece in PIECES]
    result += TOKENS + [f"the {token} the{token}the  {token}" for token in TOKENS]
    result += [f"it'{tail} I'{tail.upper()}" for tail in ["s", "t", "re", "ve", "m", "ll", "d", "x", "ſ"]]
    result += references.CODE + references.NUMBERS + references.NORMAL_FORMS[::3] + references.EMOJI[::2]
    pool = PIECES + TOKENS
    result += ["".join(generator.choice(pool) for _ in range(generator.randrange(2, 9))) for _ in range(150)]
    result += [text for text in references.texts(shakespeare)[::29] if len(text) <= 60]
    result.append(shakespeare[5000:5600])
    return list(dict.fromkeys(result))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=pathlib.Path, help="directory of the text")
    parser.add_argument("output", type=pathlib.Path, help="directory to write the fixtures into")
    arguments = parser.parse_args()
    shakespeare = (arguments.data / "tinyshakespeare.txt").read_text(encoding="utf-8")
    directory = arguments.output / "structures"
    directory.mkdir(parents=True, exist_ok=True)
    training, strings = lines(shakespeare), texts(shakespeare)
    table = [[text] for text in strings]
    for name, family in structures.FAMILIES.items():
        content = json.dumps(family(training, SIZE), ensure_ascii=False, separators=(",", ":")) + "\n"
        (directory / f"{name}.json").write_text(content, encoding="utf-8", newline="\n")
        tokenizer = Tokenizer.from_str(content)
        for row in table:
            ids = tokenizer.encode(row[0]).ids
            text = tokenizer.decode(ids, skip_special_tokens=False)
            row.append([ids, None if text == row[0] else text])
    references.write_lines(arguments.output / "structures.jsonl", [[list(structures.FAMILIES)], *table])
    print(f"{len(strings)} strings, {len(structures.FAMILIES)} tokenizers")


if __name__ == "__main__":
    main()
