#!/usr/bin/env python3
"""Write Sources/Tokenizers/UnicodeTables.swift: what the reference tokenizer thinks of every scalar.

Equality with Hugging Face's `tokenizers` on every string needs its view of Unicode, and that view is
not one version: the regular expressions that split words know Unicode 16, the NFC normaliser knows
Unicode 9. The Swift runtime knows a third one, which changes with the system. So the tables are
measured, scalar by scalar, on the installed `tokenizers` package:

- general categories: which `\\p{..}` matches the scalar in the expression of a `Split` pre-tokeniser, and
  whether `\\s` does;
- word characters (`\\w`): whether a `single_word` added token is refused beside the scalar;
- canonical decompositions: from `unicodedata`, kept where the `NFD` normaliser applies them;
- compositions: the decompositions whose result `NFC` leaves as it is;
- combining classes: from `unicodedata`, kept where the normaliser reorders marks by them.

Numbers are written in base 36, each as the difference to the one before where that is smaller.

usage: unicode_tables.py OUTPUT.swift
"""

import argparse
import pathlib
import unicodedata

import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
# In the order of ScalarClasses.categories.
CATEGORIES = ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
              "Po", "Sm", "Sc", "Sk", "So", "Cc", "Cf", "Co", "Cn", "Zs", "Zl", "Zp"]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number):
    """The number in base 36, lower case, a minus sign before negative ones."""
    if number < 0:
        return "-" + base36(-number)
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if number == 0:
            return text


def ranges(scalars):
    """Start and length of each run of neighbouring scalars."""
    runs = []
    for scalar in scalars:
        if runs and runs[-1][0] + runs[-1][1] == scalar:
            runs[-1][1] += 1
        else:
            runs.append([scalar, 1])
    return runs


def range_numbers(scalars):
    """Gap since the end of the run before, and length, for each run."""
    numbers, end = [], 0
    for start, length in ranges(scalars):
        numbers += [start - end, length]
        end = start + length
    return numbers


def matches(expression):
    """The scalars that an expression for one scalar matches."""
    others = pre_tokenizers.Split(tokenizers.Regex(f"[^{expression}]"), "removed")
    found = set()
    for start in range(0, len(SCALARS), 4096):
        text = "".join(map(chr, SCALARS[start:start + 4096]))
        for piece, _ in others.pre_tokenize_str(text):
            found.update(map(ord, piece))
    return found


def measure_categories():
    """The general category of each scalar as the split expressions see it; white space among the controls
    is a category of its own, so that white space is a union of categories, too."""
    categories = {}
    for number, name in enumerate(CATEGORIES):
        for scalar in matches(f"\\p{{{name}}}"):
            if scalar in categories:
                raise SystemExit(f"U+{scalar:04X} has two categories")
            categories[scalar] = number
    spaces = matches("\\s")
    for scalar in spaces:
        if categories[scalar] == CATEGORIES.index("Cc"):
            categories[scalar] = len(CATEGORIES)
        elif not CATEGORIES[categories[scalar]].startswith("Z"):
            raise SystemExit(f"U+{scalar:04X} is white space, but neither a separator nor a control")
    if len(categories) != len(SCALARS) or sum(c >= CATEGORIES.index("Zs") for c in categories.values()) < len(spaces):
        raise SystemExit("the categories do not cover every scalar")
    return categories


def measure_word_characters():
    """Scalars beside which a `single_word` token is not matched."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0, "A": 1}, unk_token="?"))
    tokenizer.add_tokens([AddedToken("A", single_word=True, normalized=False)])
    return [c for c in SCALARS if tokenizer.encode("A" + chr(c)).ids != [1, 0]]


def measure_normalisation():
    """Canonical decompositions (composite, parts, composes back) and combining classes."""
    nfc, nfd = normalizers.NFC().normalize_str, normalizers.NFD().normalize_str
    decompositions, classes = [], {}
    for scalar in SCALARS:
        text = chr(scalar)
        mapping = unicodedata.decomposition(text)
        changed = nfd(text) != text
        if changed and not 0xAC00 <= scalar < 0xD7A4:
            if not mapping or mapping.startswith("<"):
                raise SystemExit(f"no canonical decomposition known for U+{scalar:04X}")
            parts = [int(part, 16) for part in mapping.split()]
            decompositions.append((scalar, parts, nfc(text) == text))
        if not changed:
            combining = unicodedata.combining(text)
            reordered = [nfd("a" + text + "\u0334") != "a" + text + "\u0334",
                         nfd("a\u0345" + text) != "a\u0345" + text]
            if reordered == [combining > 1, 0 < combining < 240]:
                if combining:
                    classes[scalar] = combining
            elif reordered != [False, False]:
                raise SystemExit(f"combining class of U+{scalar:04X} is not {combining}")
    return decompositions, classes


def verify_compositions(decompositions):
    """The pairs that compose must be those, and only those, that the normaliser composes."""
    nfc = normalizers.NFC().normalize_str
    for scalar, parts, composes in decompositions:
        if len(parts) == 2:
            made = nfc("".join(map(chr, parts)))
            if composes != (made == chr(scalar)):
                raise SystemExit(f"U+{scalar:04X} composes in an unknown way")
        elif composes:
            raise SystemExit(f"U+{scalar:04X} is a singleton that NFC keeps")


def decomposition_numbers(decompositions, composes):
    """Per composite: difference to the one before, first part, second part (two-part forms only)."""
    numbers, before = [], 0
    for scalar, parts, back in decompositions:
        if len(parts) == 2 and back == composes:
            numbers += [scalar - before, parts[0], parts[1]]
            before = scalar
    return numbers


def singleton_numbers(decompositions):
    """Per scalar: difference to the one before, difference of the target to the target before."""
    numbers, before, target = [], 0, 0
    for scalar, parts, _ in decompositions:
        if len(parts) == 1:
            numbers += [scalar - before, parts[0] - target]
            before, target = scalar, parts[0]
    return numbers


def category_numbers(categories):
    """Per run of one category, over all code points: length, category. Surrogates count as unassigned."""
    numbers = []
    for scalar in range(0x110000):
        category = categories.get(scalar, CATEGORIES.index("Cn"))
        if numbers and numbers[-1] == category:
            numbers[-2] += 1
        else:
            numbers += [1, category]
    return numbers


def class_numbers(classes):
    """Per run of neighbours with one class: gap, length, class."""
    runs = []
    for scalar, combining in sorted(classes.items()):
        if runs and runs[-1][0] + runs[-1][1] == scalar and runs[-1][2] == combining:
            runs[-1][1] += 1
        else:
            runs.append([scalar, 1, combining])
    numbers, end = [], 0
    for start, length, combining in runs:
        numbers += [start - end, length, combining]
        end = start + length
    return numbers


def swift_table(name, comment, numbers):
    """A static string constant with the numbers, lines under 110 characters."""
    lines, line = [], ""
    for word in map(base36, numbers):
        if len(line) + len(word) > 92:
            lines.append(line)
            line = ""
        line += word + " "
    lines.append(line.rstrip())
    body = "\\\n".join("        " + each for each in lines)
    return f'    /// {comment}\n    static let {name} = """\n{body}\n        """\n'


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=pathlib.Path, help="the Swift file to write")
    output = parser.parse_args().output
    categories = measure_categories()
    words = measure_word_characters()
    decompositions, classes = measure_normalisation()
    verify_compositions(decompositions)
    tables = [
        swift_table("categories", "Runs of one general category: length, category (ScalarClasses.categories).",
                    category_numbers(categories)),
        swift_table("wordCharacters", "Runs of word characters (`\\w`): gap, length.",
                    range_numbers(words)),
        swift_table("compositions",
                    "Canonical pairs that compose: difference of the composite, first, second.",
                    decomposition_numbers(decompositions, True)),
        swift_table("exclusions",
                    "Canonical pairs that never compose: difference of the composite, first, second.",
                    decomposition_numbers(decompositions, False)),
        swift_table("singletons",
                    "Canonical forms of one scalar: difference of the scalar, difference of the form.",
                    singleton_numbers(decompositions)),
        swift_table("combiningClasses", "Runs of one combining class: gap, length, class.",
                    class_numbers(classes)),
    ]
    output.write_text(
        "// What Hugging Face's `tokenizers` thinks of every Unicode scalar, measured on version "
        f"{tokenizers.__version__}.\n"
        "//\n"
        "// Its regular expressions know Unicode 16, its NFC normaliser Unicode 9; the Swift runtime may know\n"
        "// another version, so nothing is asked of it. Generated by Scripts/references/unicode_tables.py: do not\n"
        "// edit. Numbers are in base 36.\n\n"
        "enum UnicodeTables {\n" + "\n".join(tables) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
