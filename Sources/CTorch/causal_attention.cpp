// One head of causal attention in vectors of 16 floats, eight queries at a time: see causal_attention.hpp.
//
// The products are outer products with a row of keys (or values) in registers; keys are transposed once a head. Backward
// computes the pattern again from the scores and each query's normalizer, as flash attention does (Dao et al. 2022).
#include "causal_attention.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#if defined(__x86_64__) && defined(__linux__)
// One copy for each generation of processors, chosen when the program is loaded.
#define CT_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_CLONES
#endif
#define CT_INLINE static inline __attribute__((always_inline))

namespace ct {
namespace {

constexpr int64_t LANES = 16;
constexpr int64_t QUERIES = 8;

typedef float Lanes __attribute__((vector_size(64)));
typedef int32_t Integers __attribute__((vector_size(64)));

constexpr int64_t padded(int64_t count) { return (count + LANES - 1) / LANES * LANES; }

CT_INLINE void load(Lanes &lanes, const float *from) { std::memcpy(&lanes, from, sizeof lanes); }
CT_INLINE void store(float *to, const Lanes &lanes) { std::memcpy(to, &lanes, sizeof lanes); }

/// exp(x) for x up to about 80, to 2 units in the last place; x below -87 counts as -87.
CT_INLINE void exponentiate(Lanes &x) {
    x = x < -87.0f ? Lanes{} - 87.0f : x;
    const float rounding = 12582912.0f;  // 1.5 * 2^23: what is added to it is rounded to a whole number
    Lanes shifted = x * 1.44269504f + rounding;
    Lanes whole = shifted - rounding;
    Lanes rest = x - whole * 0.693359375f + whole * 2.12194440e-4f;  // log 2 in two parts
    Lanes power = rest * 1.9875691500e-4f + 1.3981999507e-3f;
    power = power * rest + 8.3334519073e-3f;
    power = power * rest + 4.1665795894e-2f;
    power = power * rest + 1.6666665459e-1f;
    power = power * rest + 5.0000001201e-1f;
    power = power * (rest * rest) + rest + 1.0f;
    Integers exponent, bits;
    std::memcpy(&exponent, &shifted, sizeof exponent);
    std::memcpy(&bits, &power, sizeof bits);
    bits += exponent << 23;
    std::memcpy(&x, &bits, sizeof x);
}

CT_INLINE float total(const Lanes &x) {
    float sum = 0;
    for (int64_t lane = 0; lane < LANES; lane++) sum += x[lane];
    return sum;
}

/// All ones where a lane of the chunk of keys from `first` on lies behind the query.
CT_INLINE void hidden(Integers &mask, int64_t first, int64_t query) {
    const Integers numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    mask = numbers > static_cast<int32_t>(query - first);
}

/// Rows [length, width] to columns [width, padded(length)], zeros behind.
CT_INLINE void transpose(const AttentionShape &shape, Rows rows, float *columns) {
    const int64_t length = padded(shape.length);
    for (int64_t t = 0; t < length; t++) {
        const bool is_there = t < shape.length;
        for (int64_t e = 0; e < shape.width; e++) columns[e * length + t] = is_there ? rows[t][e] : 0;
    }
}

/// Rows [length, width] to rows [length, padded(width)], zeros behind.
CT_INLINE void widen(int64_t length, int64_t width, Rows rows, float *wide) {
    for (int64_t t = 0; t < length; t++) {
        float *to = wide + t * padded(width);
        for (int64_t e = 0; e < width; e++) to[e] = rows[t][e];
        for (int64_t e = width; e < padded(width); e++) to[e] = 0;
    }
}

/// The products of eight rows [width] with columns [width, stride], the first `chunks` chunks of them: [row, stride].
CT_INLINE void products(const float *const *rows, const float *columns, int64_t width, int64_t stride, int64_t chunks,
                        float *out) {
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
        Lanes sums[QUERIES] = {};
        for (int64_t e = 0; e < width; e++) {
            Lanes column;
            load(column, columns + e * stride + chunk * LANES);
            for (int64_t r = 0; r < QUERIES; r++) sums[r] += rows[r][e] * column;
        }
        for (int64_t r = 0; r < QUERIES; r++) store(out + r * stride + chunk * LANES, sums[r]);
    }
}

/// Rows [key, padded(width)] weighted by eight rows of weights [row, stride]: `count` rows of `width` to `out`.
CT_INLINE void mix(const float *weights, int64_t stride, int64_t keys, const float *rows, int64_t width, Rows out,
                   int64_t count) {
    for (int64_t first = 0; first < width; first += LANES) {
        Lanes sums[QUERIES] = {};
        for (int64_t key = 0; key < keys; key++) {
            Lanes row;
            load(row, rows + key * padded(width) + first);
            for (int64_t r = 0; r < QUERIES; r++) sums[r] += weights[r * stride + key] * row;
        }
        for (int64_t r = 0; r < count; r++) {
            if (width - first >= LANES) {
                store(out[r] + first, sums[r]);
            } else {
                for (int64_t lane = 0; lane < width - first; lane++) out[r][first + lane] = sums[r][lane];
            }
        }
    }
}

/// sums [key, padded(width)] += weights^T rows, over eight rows [row, padded(width)].
CT_INLINE void add_outer(const float *weights, int64_t stride, int64_t keys, const float *rows, int64_t width,
                         float *sums) {
    for (int64_t first = 0; first < width; first += LANES) {
        Lanes own[QUERIES];
        for (int64_t r = 0; r < QUERIES; r++) load(own[r], rows + r * padded(width) + first);
        for (int64_t key = 0; key < keys; key++) {
            Lanes sum;
            load(sum, sums + key * padded(width) + first);
            for (int64_t r = 0; r < QUERIES; r++) sum += weights[r * stride + key] * own[r];
            store(sums + key * padded(width) + first, sum);
        }
    }
}

/// Eight rows from `first` on; behind the last one it comes again.
CT_INLINE void eight(Rows rows, int64_t first, int64_t length, const float **out) {
    for (int64_t r = 0; r < QUERIES; r++) out[r] = rows[std::min(first + r, length - 1)];
}

}  // namespace

int64_t AttentionShape::scratch() const {
    const int64_t columns = width * padded(length), rows = padded(length) * padded(width);
    return 2 * columns + 3 * rows + 2 * QUERIES * padded(length) + 2 * QUERIES * padded(width);
}

CT_CLONES void attend(const AttentionShape &shape, Rows q, Rows k, Rows v, Rows mixed, float *normalizers,
                      AttentionScratch *scratch) {
    const int64_t length = shape.length, width = shape.width, stride = padded(length);
    float *keys = scratch->values;
    float *values = keys + width * stride;
    float *pattern = values + stride * padded(width);
    transpose(shape, k, keys);
    widen(length, width, v, values);
    for (int64_t first = 0; first < length; first += QUERIES) {
        const int64_t count = std::min(QUERIES, length - first), seen = first + count;
        const int64_t chunks = padded(seen) / LANES;
        const float *queries[QUERIES];
        eight(q, first, length, queries);
        products(queries, keys, width, stride, chunks, pattern);
        for (int64_t r = 0; r < QUERIES; r++) {
            float *row = pattern + r * stride;
            const int64_t query = std::min(first + r, length - 1);
            Lanes most = Lanes{} - std::numeric_limits<float>::infinity();
            for (int64_t chunk = 0; chunk < chunks; chunk++) {
                Lanes scores;
                Integers mask;
                load(scores, row + chunk * LANES);
                hidden(mask, chunk * LANES, query);
                scores = mask ? most : scores * shape.scale;
                most = scores > most ? scores : most;
                store(row + chunk * LANES, scores);
            }
            float largest = most[0];
            for (int64_t lane = 1; lane < LANES; lane++) largest = std::max(largest, most[lane]);
            Lanes sums = {};
            for (int64_t chunk = 0; chunk < chunks; chunk++) {
                Lanes weights;
                Integers mask;
                load(weights, row + chunk * LANES);
                hidden(mask, chunk * LANES, query);
                weights -= largest;
                exponentiate(weights);
                weights = mask ? Lanes{} : weights;
                sums += weights;
                store(row + chunk * LANES, weights);
            }
            const float sum = total(sums);
            normalizers[query] = largest + std::log(sum);
            for (int64_t chunk = 0; chunk < chunks; chunk++) {
                Lanes weights;
                load(weights, row + chunk * LANES);
                store(row + chunk * LANES, weights / sum);
            }
        }
        mix(pattern, stride, seen, values, width, Rows{mixed[first], mixed.stride}, count);
    }
}

CT_CLONES void attend_backward(const AttentionShape &shape, Rows q, Rows k, Rows v, const float *normalizers,
                               Rows gradient, Rows dq, Rows dk, Rows dv, AttentionScratch *scratch) {
    const int64_t length = shape.length, width = shape.width, stride = padded(length), wide = padded(width);
    float *key_columns = scratch->values;
    float *value_columns = key_columns + width * stride;
    float *key_rows = value_columns + width * stride;
    float *key_sums = key_rows + stride * wide;
    float *value_sums = key_sums + stride * wide;
    float *pattern = value_sums + stride * wide;
    float *slopes = pattern + QUERIES * stride;
    float *own_queries = slopes + QUERIES * stride;
    float *own_gradients = own_queries + QUERIES * wide;
    transpose(shape, k, key_columns);
    transpose(shape, v, value_columns);
    widen(length, width, k, key_rows);
    std::fill(key_sums, pattern, 0.0f);
    for (int64_t first = 0; first < length; first += QUERIES) {
        const int64_t count = std::min(QUERIES, length - first), seen = first + count;
        const int64_t chunks = padded(seen) / LANES;
        const float *queries[QUERIES], *gradients[QUERIES];
        eight(q, first, length, queries);
        eight(gradient, first, length, gradients);
        products(queries, key_columns, width, stride, chunks, pattern);
        products(gradients, value_columns, width, stride, chunks, slopes);
        for (int64_t r = 0; r < QUERIES; r++) {
            float *row = pattern + r * stride, *slope = slopes + r * stride;
            const int64_t query = first + r;
            if (r >= count) {
                std::fill(row, row + chunks * LANES, 0.0f);
                std::fill(slope, slope + chunks * LANES, 0.0f);
                continue;
            }
            Lanes sums = {};
            for (int64_t chunk = 0; chunk < chunks; chunk++) {
                Lanes weights, found;
                Integers mask;
                load(weights, row + chunk * LANES);
                load(found, slope + chunk * LANES);
                hidden(mask, chunk * LANES, query);
                weights = weights * shape.scale - normalizers[query];
                exponentiate(weights);
                weights = mask ? Lanes{} : weights;
                sums += weights * found;
                store(row + chunk * LANES, weights);
            }
            const float mean = total(sums);
            for (int64_t chunk = 0; chunk < chunks; chunk++) {
                Lanes weights, found;
                load(weights, row + chunk * LANES);
                load(found, slope + chunk * LANES);
                store(slope + chunk * LANES, weights * (found - mean) * shape.scale);
            }
        }
        mix(slopes, stride, seen, key_rows, width, Rows{dq[first], dq.stride}, count);
        widen(count, width, Rows{q[first], q.stride}, own_queries);
        widen(count, width, Rows{gradient[first], gradient.stride}, own_gradients);
        std::fill(own_queries + count * wide, own_queries + QUERIES * wide, 0.0f);
        std::fill(own_gradients + count * wide, own_gradients + QUERIES * wide, 0.0f);
        add_outer(slopes, stride, seen, own_queries, width, key_sums);
        add_outer(pattern, stride, seen, own_gradients, width, value_sums);
    }
    const size_t bytes = static_cast<size_t>(width) * sizeof(float);
    for (int64_t t = 0; t < length; t++) {
        std::memcpy(dk[t], key_sums + t * wide, bytes);
        std::memcpy(dv[t], value_sums + t * wide, bytes);
    }
}

}  // namespace ct
