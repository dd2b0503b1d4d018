#!/usr/bin/env python3
"""Write the reference fixture of the sign-flip test and of recoveries, with NumPy and SciPy.

causal-statistics.json in OUTPUT holds

- paired differences of 7, 12 and 15 prompts and their two-sided p from all sign patterns
  (scipy.stats.permutation_test, permutation_type="samples"), ties and zeros among them;
- clean, corrupted and patched metrics and the recovery's mean, deviation, and BCa interval
  (scipy.stats.bootstrap, 40,000 paired resamples).

The same versions give the same bytes.

usage: causal_statistics_references.py OUTPUT
"""

import json
import pathlib
import sys

import numpy
import scipy.stats


def sign_flips(random, prompts):
    series = [random.normal(shift, 1, prompts) for shift in (0, 0.3, -0.8, 1.5)]
    series.append(numpy.round(random.normal(0.5, 1, prompts), 0))  # ties and zeros
    series.append(numpy.abs(random.normal(0, 1, prompts)))  # as extreme as can be
    found = []
    for values in series:
        test = scipy.stats.permutation_test(
            (values,), numpy.mean, permutation_type="samples", n_resamples=numpy.inf
        )
        found.append({"differences": values.tolist(), "p": float(test.pvalue)})
    return found


def recovery(random, prompts):
    clean = random.normal(3, 1, prompts)
    corrupted = random.normal(-1, 1.5, prompts)
    patched = [
        corrupted + share * (clean - corrupted) + random.exponential(noise, prompts)
        for share, noise in ((0.9, 0.2), (0.1, 1.0), (-0.2, 0.5))
    ]
    components = []
    for values in patched:
        numerator, denominator = values - corrupted, clean - corrupted

        def ratio(a, b, axis=-1):
            return a.mean(axis=axis) / b.mean(axis=axis)

        interval = scipy.stats.bootstrap(
            (numerator, denominator),
            ratio,
            n_resamples=40_000,
            paired=True,
            vectorized=True,
            method="BCa",
            random_state=numpy.random.default_rng(5),
        ).confidence_interval
        components.append(
            {
                "patched": values.tolist(),
                "mean": float(ratio(numerator, denominator)),
                "std": float(numerator.std(ddof=1) / denominator.mean()),
                "low": float(interval.low),
                "high": float(interval.high),
            }
        )
    return {"clean": clean.tolist(), "corrupted": corrupted.tolist(), "components": components}


def main():
    random = numpy.random.default_rng(20)
    fixture = {
        "signFlips": [sign_flips(random, prompts) for prompts in (7, 12, 15)],
        "recovery": recovery(random, 60),
    }
    output = pathlib.Path(sys.argv[1])
    (output / "causal-statistics.json").write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
