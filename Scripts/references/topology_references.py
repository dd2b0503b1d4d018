#!/usr/bin/env python3
"""Write the reference fixture of the tests of layer profiles and nulls, with NumPy and SciPy.

topology.json in OUTPUT holds random causal attention patterns [layer, head, query, key] of every prompt (rows
below the diagonal only) and what follows from them, by plain loops over the definitions:

- means of the four scores by head, and of each lag range;
- layer profiles by `mean`, `topq` and `tail`: values, peak, relative peak, the seed's, bandwidth; and their
  bootstrap over prompts: BCa intervals, percentile spreads, shares of the resamples that peak in each layer;
- the equal-number `topq`, over all subsets one by one;
- the shuffled-antecedent null: observed and null means, deviations, p, q, bands; the seed's antecedent
  scores;
- head permutation with SciPy's hypergeometric distribution, and that distribution; the seed's layer
  bootstrap.

Random draws are those of the program: SplitMix64 is written here a second time, so that every number can be
compared and not only its distribution. The same versions give the same bytes.

usage: topology_references.py OUTPUT
"""

import itertools
import json
import math
import pathlib
import sys

import numpy
import scipy.stats

SPECIAL = {0}
LAYERS, HEADS = 3, 5
BUCKETS = [(1, 4), (5, None), (3, 5)]
SCORES = ("induction", "duplicate", "previous", "first")
SLOTS = 16
BOOTSTRAP_SEED, NULL_SEED, DRAW_SEED, LAYER_SEED = 21, 22, 23, 24
RESAMPLES, DRAWS, LAYER_RESAMPLES = 300, 700, 200


class SplitMix:
    """Steele, Lea and Flood 2014; whole numbers by Lemire 2019."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return z ^ (z >> 31)

    def below(self, bound):
        while True:
            high, low = divmod(self.next() * bound, 2**64)
            if low >= (2**64 - bound) % bound:
                return high


def make_prompts(random):
    prompts = []
    for block in (4, 5, 6, 7, 8, 4, 6, 7, 5, 8):
        drawn = (1 + random.permutation(20)[:16 - block]).tolist()
        prompts.append([0] + drawn + drawn[-block:])
    prompts.append([0] + (1 + random.integers(0, 6, 15)).tolist())  # lags vary
    prompts.append([0, 3, 4, 5, 0, 3, 4, 6, 0, 7, 3, 8, 5, 9, 4, 4])  # BOS again inside
    prompts.append([0, 1, 2, 3, 4])  # nothing repeats
    return prompts


def random_pattern(random, length):
    pattern = numpy.zeros((LAYERS, HEADS, length, length))
    for layer in range(LAYERS):
        for head in range(HEADS):
            for query in range(length):
                weights = numpy.exp((1 + layer) * random.standard_normal(query + 1))
                pattern[layer, head, query, :query + 1] = (weights / weights.sum()).round(4)
    return pattern


def nearest_pairs(tokens):
    for t, token in enumerate(tokens):
        sources = [s for s in range(t) if tokens[s] == token]
        if token not in SPECIAL and sources:
            yield t, sources[-1]


def cells(tokens, score, bucket=None):
    """The (query, key) entries that a score averages."""
    pairs = list(nearest_pairs(tokens))
    if bucket:
        low, high = bucket
        pairs = [(t, s) for t, s in pairs if t - s >= low and (high is None or t - s <= high)]
    if score == "induction":
        return [(t, s + 1) for t, s in pairs if s + 1 < t]
    if score == "duplicate":
        return pairs
    queries = [t for t, _ in pairs] if bucket else range(len(tokens))
    return [(t, t - 1 if score == "previous" else 0) for t in queries if t >= 1]


def sums_of(patterns, rows):
    """Per-prompt sums [prompt, layer, head] and counts over lists of entries."""
    sums = numpy.array([
        sum((pattern[:, :, t, k] for t, k in row), numpy.zeros((LAYERS, HEADS)))
        for pattern, row in zip(patterns, rows)
    ])
    return sums, numpy.array([len(row) for row in rows])


def layer_value(scores, reduction):
    ascending, count = numpy.sort(scores), len(scores)
    if reduction == "mean":
        return ascending.mean()
    if reduction == "topq":
        return ascending[math.floor(0.7 * count + 1e-9):].mean()
    # The upper 30% of a staircase, head by head.
    edges = numpy.arange(count + 1) / count
    shares = numpy.clip(edges[1:], 0.7, None) - numpy.clip(edges[:-1], 0.7, None)
    return float((shares * ascending).sum() / shares.sum())


def describe(values):
    values = numpy.asarray(values)
    peak, layers = int(values.argmax()), len(values)
    mass = values.clip(0)
    if mass.sum() == 0:
        bandwidth = 1.0
    else:
        share = mass.cumsum() / mass.sum()
        left, right = (int(numpy.flatnonzero(share >= edge - 1e-12)[0]) for edge in (0.16, 0.84))
        bandwidth = (right - left + 1) / layers
    return {
        "peak": peak, "relative": peak / (layers - 1) if layers > 1 else 0.0, "seedRelative": peak / layers,
        "bandwidth": bandwidth,
    }


def bca(value, replicates, left_out):
    replicates = numpy.sort(replicates)
    below = (replicates < value).mean() + 0.5 * (replicates == value).mean()
    bias = scipy.stats.norm.ppf(below)
    away = left_out.mean() - left_out
    acceleration = (away**3).sum() / (6 * (away**2).sum()**1.5)
    ends = []
    for share in (0.025, 0.975):
        z = bias + scipy.stats.norm.ppf(share)
        adjusted = scipy.stats.norm.cdf(bias + z / (1 - acceleration * z))
        ends.append(float(numpy.quantile(replicates, adjusted)))
    return ends


def spread(values):
    return [float(numpy.quantile(values, share)) for share in (0.025, 0.975)]


def profile_case(sums, counts, reduction):
    prompts = len(counts)
    random = SplitMix(BOOTSTRAP_SEED)
    draws = numpy.array([[random.below(prompts) for _ in range(prompts)] for _ in range(RESAMPLES)])
    scores = sums.sum(0) / counts.sum()
    values = numpy.array([layer_value(row, reduction) for row in scores])
    replicates = numpy.array([
        [layer_value(row, reduction) for row in sums[draw].sum(0) / counts[draw].sum()] for draw in draws
    ])
    shapes = [describe(row) for row in replicates]
    peaks = numpy.array([shape["peak"] for shape in shapes])
    case = {
        "values": values.tolist(), **describe(values),
        "stability": [spread(column) for column in replicates.T], "peakStability": spread(peaks),
        "relativeStability": spread([shape["relative"] for shape in shapes]),
        "bandwidthStability": spread([shape["bandwidth"] for shape in shapes]),
        "peakShares": [float((peaks == layer).mean()) for layer in range(LAYERS)],
    }
    if reduction == "mean":
        others = [numpy.arange(prompts) != prompt for prompt in range(prompts)]
        left_out = numpy.array([sums[other].sum(0).mean(-1) / counts[other].sum() for other in others])
        case["intervals"] = [bca(values[l], replicates[:, l], left_out[:, l]) for l in range(LAYERS)]
    return case


def equal_number_cases(random):
    for heads, count in [(6, 4), (7, 7), (9, 3), (12, 8), (5, 1), (8, 3)]:
        scores = random.standard_normal(heads).round(3)
        subsets = itertools.combinations(scores, count)
        first = math.floor(0.7 * count + 1e-9)
        expected = numpy.mean([numpy.sort(subset)[first:].mean() for subset in subsets])
        yield {"scores": scores.tolist(), "count": count, "expected": float(expected)}


def shuffled_entries(tokens, pool):
    """Observed entries, null entries by slot, and how often a draw leaves the prompt as it is."""
    observed, slots, inverses = [], [[] for _ in range(SLOTS)], []
    for t, s in nearest_pairs(tokens):
        if s + 1 == t:
            continue
        seen = tokens[:t + 1]
        valid = []
        for lag in sorted(pool):
            source = t - lag
            if source < 0 or source + 1 >= t:
                continue
            key = tokens[source + 1]
            if (tokens[source] not in SPECIAL and tokens[source] != tokens[t] and key != tokens[t]
                    and (key in SPECIAL) == (tokens[s + 1] in SPECIAL)
                    and seen.count(key) == seen.count(tokens[s + 1])):
                valid.append(lag)
        if len(valid) < 3:
            continue
        cycle = sorted(valid, key=lambda lag: (lag < t - s, lag))
        ends = numpy.cumsum([pool[lag] for lag in cycle]) / sum(pool[lag] for lag in cycle)
        chosen = [cycle[int((ends < (slot + 0.5) / SLOTS - 1e-12).sum())] for slot in range(SLOTS)]
        observed.append((t, s + 1))
        for slot, lag in enumerate(chosen):
            slots[slot].append((t, t - lag + 1))
        inverses.append(sum((chosen.count(lag) / SLOTS)**2 for lag in set(chosen)))
    inverse = numpy.mean(inverses) if inverses else 0.0
    return observed, slots, inverse / (1 + inverse)


def null_case(prompts, patterns):
    pool = {}
    for tokens in prompts:
        for t, s in nearest_pairs(tokens):
            if s + 1 < t:
                pool[t - s] = pool.get(t - s, 0) + 1
    entries = [shuffled_entries(tokens, pool) for tokens in prompts]
    sums, counts = sums_of(patterns, [observed for observed, _, _ in entries])
    tables = numpy.array([
        sums_of(patterns, [slots[slot] for _, slots, _ in entries])[0] for slot in range(SLOTS)
    ])
    observed = sums.sum(0) / counts.sum()
    centre, compared = tables.mean(0), numpy.flatnonzero(counts)
    own = numpy.array([entry[2] for entry in entries])
    inverse = own / (1 - own)
    stretch = numpy.sqrt((1 + inverse) / (1 - inverse))
    stretched = centre + stretch[None, :, None, None] * (tables - centre)  # [slot, prompt, layer, head]

    def bytes_of_draws():
        random = SplitMix(DRAW_SEED)
        for _ in range(DRAWS):
            numbers = b"".join(random.next().to_bytes(8, "little") for _ in range(0, len(compared), 8))
            yield list(zip(compared, numbers))

    def arrangement(prompt, byte):
        cut = round(own[prompt] * 256)
        return sums[prompt] if byte < cut else tables[(byte - cut) * SLOTS // (256 - cut), prompt]

    total = counts.sum()
    drawn = numpy.array([sum(arrangement(*pick) for pick in picks) / total for picks in bytes_of_draws()])
    draws = numpy.array([
        sum(stretched[byte * SLOTS // 256, prompt] for prompt, byte in picks) / total
        for picks in bytes_of_draws()
    ])
    variance = (stretched.var(0) / total**2).sum(0)
    p = (1 + (drawn >= observed).sum(0)) / (1 + DRAWS)
    bands = []
    for reduction in ("mean", "topq"):
        profiles = numpy.array([[layer_value(row, reduction) for row in draw] for draw in draws])
        low, high = numpy.quantile(profiles, [0.025, 0.975], axis=0)
        bands.append({"mean": profiles.mean(0).tolist(), "low": low.tolist(), "high": high.tolist()})
    random = SplitMix(NULL_SEED)
    antecedent = [[(t, random.below(t)) for t, _ in nearest_pairs(tokens)] for tokens in prompts]
    seed_sums, seed_counts = sums_of(patterns, antecedent)
    return {
        "pairs": int(total), "observed": observed.ravel().tolist(),
        "mean": (centre.sum(0) / total).ravel().tolist(),
        "deviation": numpy.sqrt(variance).ravel().tolist(), "p": p.ravel().tolist(),
        "q": scipy.stats.false_discovery_control(p.ravel()).tolist(), "bands": bands,
        "antecedent": (seed_sums.sum(0) / seed_counts.sum()).ravel().tolist(),
    }


def permutation_case(random):
    scores = random.standard_normal((6, 20)).round(3)
    threshold = numpy.quantile(scores, 0.7)
    high = int((scores > threshold).sum())
    null = scipy.stats.hypergeom(scores.size, high, scores.shape[1])
    above = (scores > threshold).sum(1)
    p = null.sf(above - 1)
    return {"scores": scores.tolist(), "threshold": float(threshold), "above": above.tolist(),
            "expected": float(null.mean()), "low": int(null.ppf(0.025)), "high": int(null.ppf(0.975)),
            "p": p.tolist(), "q": scipy.stats.false_discovery_control(p).tolist()}


def hypergeometric_cases():
    for population, marked, drawn in [
        (144, 15, 12), (96, 40, 8), (1024, 103, 16), (10, 0, 4), (9, 9, 5), (20, 15, 12)
    ]:
        null = scipy.stats.hypergeom(population, marked, drawn)
        yield {"population": population, "marked": marked, "drawn": drawn,
               "mean": drawn * marked / population, "tails": null.sf(numpy.arange(-1, drawn)).tolist(),
               "quantiles": [int(null.ppf(share)) for share in (0.025, 0.3, 0.9, 0.95, 0.975, 0.999)]}


def layer_bootstrap_case(values):
    random, shapes = SplitMix(LAYER_SEED), []
    for _ in range(LAYER_RESAMPLES):
        drawn = [random.below(len(values)) for _ in values]
        shapes.append(describe([values[layer] * drawn.count(layer) for layer in range(len(values))]))
    columns = {name: [shape[name] for shape in shapes] for name in ("relative", "seedRelative", "bandwidth")}
    return {name: [float(numpy.mean(column)), *spread(column)] for name, column in columns.items()}


def main():
    random = numpy.random.default_rng(8)
    prompts = make_prompts(random)
    patterns = [random_pattern(random, len(tokens)) for tokens in prompts]
    means = {}
    for bucket in [None, *BUCKETS]:
        for score in SCORES:
            sums, counts = sums_of(patterns, [cells(tokens, score, bucket) for tokens in prompts])
            means.setdefault(str(bucket), {})[score] = (sums.sum(0) / counts.sum()).ravel().tolist()
    sums, counts = sums_of(patterns, [cells(tokens, "induction") for tokens in prompts])
    profiles = {reduction: profile_case(sums, counts, reduction) for reduction in ("mean", "topq", "tail")}
    fixture = {
        "prompts": prompts, "special": sorted(SPECIAL), "layers": LAYERS, "heads": HEADS,
        "patterns": [  # [prompt][layer][head][query][key up to the query]
            [[[head[t, :t + 1].tolist() for t in range(len(head))] for head in layer] for layer in pattern]
            for pattern in patterns
        ],
        "seeds": {"bootstrap": BOOTSTRAP_SEED, "null": NULL_SEED, "draws": DRAW_SEED, "layers": LAYER_SEED},
        "resamples": RESAMPLES, "draws": DRAWS, "layerResamples": LAYER_RESAMPLES,
        "means": means["None"], "bucketMeans": [means[str(bucket)] for bucket in BUCKETS],
        "profiles": profiles, "equalNumber": list(equal_number_cases(random)),
        "null": null_case(prompts, patterns), "permutation": permutation_case(random),
        "hypergeometric": list(hypergeometric_cases()),
        "layerBootstrap": layer_bootstrap_case(profiles["mean"]["values"]),
    }
    output = pathlib.Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    (output / "topology.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
