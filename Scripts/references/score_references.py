#!/usr/bin/env python3
"""Write the reference fixture of the tests of head scores and intervals, with NumPy and SciPy.

statistics.json in OUTPUT holds:

- patterns: random causal attention patterns [prompt, head, query, key] (rows of pads too, which no score
  may read) on prompts of unequal lengths with repeated and special tokens; for both pair rules and all
  four scores, each prompt's sums by head and the number of positions, by plain loops over the definition;
- intervals: ratio statistics with the replicates that scipy.stats.bootstrap drew, the values with one
  prompt left out, and SciPy's own BCa interval; and its interval from many resamples;
- quantiles: of a list of numbers, by NumPy (linear between order statistics);
- normal: distribution function and quantiles of the standard normal distribution.

The same versions give the same bytes.

(The file is not named after its fixture: Python has a module `statistics`, which others here import.)

usage: score_references.py OUTPUT
"""

import json
import pathlib
import sys

import numpy
import scipy.stats

SPECIAL = [0, 9]
PROMPTS = [
    [0, 1, 2, 3, 1, 2, 3, 4, 1, 1, 2, 0, 3],  # BOS again in the middle, a token twice running
    [0, 5, 6, 7, 8],  # nothing repeats
    [2, 3, 9, 2, 3, 9, 9, 2, 4, 4, 4],  # no BOS; an end-of-text token repeats
    [7],
    [0, 8, 7, 6, 5, 6, 7, 8, 0, 8, 6, 5, 7, 5],
    [3, 3],  # the only pair is one that induction drops
]
HEADS = 3


def random_patterns(random):
    length = max(map(len, PROMPTS))
    pattern = numpy.zeros((len(PROMPTS), HEADS, length, length))
    for cells in pattern.reshape(-1, length, length):
        for query in range(length):
            weights = numpy.exp(2 * random.standard_normal(query + 1))
            cells[query, :query + 1] = weights / weights.sum()
    return pattern.round(7)


def keys_read(tokens, score, rule):
    """For every position that a score averages over, the keys whose attention it adds up."""
    for t in range(len(tokens)):
        if score in ("previous", "first"):
            if t >= 1:
                yield t, [t - 1 if score == "previous" else 0]
            continue
        if tokens[t] in SPECIAL:
            continue
        sources = [s for s in range(t) if tokens[s] == tokens[t]]
        if rule == "nearest":
            sources = sources[-1:]
        if score == "induction":
            keys = [s + 1 for s in sources if s + 1 != t]
        else:
            keys = sources
        if keys:
            yield t, keys


def score_cases(pattern):
    for rule in ("nearest", "all"):
        for score in ("induction", "duplicate", "previous", "first"):
            sums, counts = [], []
            for prompt, tokens in enumerate(PROMPTS):
                read = list(keys_read(tokens, score, rule))
                sums.append([
                    float(sum(pattern[prompt, head, t, key] for t, keys in read for key in keys))
                    for head in range(HEADS)
                ])
                counts.append(len(read))
            yield {"rule": rule, "score": score, "sums": sums, "counts": counts}


def ratio(sums, counts):
    return sums.sum() / counts.sum()


def interval_cases(random):
    for prompts, resamples, level, skew in [
        (12, 199, 0.95, 1.0), (40, 400, 0.95, 2.0), (25, 300, 0.8, 0.2), (8, 250, 0.95, None)
    ]:
        counts = random.integers(1, 6, prompts)
        if skew == 0.2:  # a few prompts have most of the positions
            counts = random.geometric(0.1, prompts)
        if skew is None:  # few distinct values: replicates are often equal to the estimate
            counts[:] = 4
            sums = random.integers(0, 2, prompts) * 2.0
        else:
            sums = counts * numpy.exp(skew * random.standard_normal(prompts))
        def bootstrap(resamples):
            return scipy.stats.bootstrap(
                (sums, counts), ratio, n_resamples=resamples, paired=True, vectorized=False,
                confidence_level=level, method="BCa", rng=random)

        found, limit = bootstrap(resamples), bootstrap(40_000).confidence_interval
        others = [numpy.arange(prompts) != prompt for prompt in range(prompts)]
        yield {
            "sums": sums.tolist(), "counts": counts.tolist(), "level": level,
            "estimate": float(ratio(sums, counts)),
            "replicates": found.bootstrap_distribution.tolist(),
            "leaveOneOut": [float(ratio(sums[other], counts[other])) for other in others],
            "low": float(found.confidence_interval.low), "high": float(found.confidence_interval.high),
            "limitLow": float(limit.low), "limitHigh": float(limit.high),
        }


def main():
    random = numpy.random.default_rng(5)
    pattern = random_patterns(random)
    values = numpy.sort(random.standard_normal(11))
    shares = [0.0, 0.025, 0.1, 1 / 3, 0.5, 0.77, 0.975, 1.0]
    probabilities = [1e-12, 1e-6, 0.0005, 0.025, 0.2, 0.5, 0.7, 0.975, 0.9995, 1 - 1e-9]
    points = [-8.0, -3.3, -1.0, -0.1, 0.0, 0.6, 1.96, 5.0]
    fixture = {
        "patterns": {
            "prompts": PROMPTS, "special": SPECIAL, "shape": pattern.shape,
            "pattern": pattern.reshape(-1).tolist(), "scores": list(score_cases(pattern)),
        },
        "intervals": list(interval_cases(random)),
        "quantiles": {
            "values": values.tolist(), "probabilities": shares,
            "results": numpy.quantile(values, shares).tolist(),
        },
        "normal": {
            "probabilities": probabilities, "quantiles": scipy.stats.norm.ppf(probabilities).tolist(),
            "points": points, "cumulative": scipy.stats.norm.cdf(points).tolist(),
        },
    }
    output = pathlib.Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    (output / "statistics.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
