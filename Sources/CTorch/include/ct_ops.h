// Arithmetic, reductions, products and the layers of a transformer.
#pragma once

#include "ct_tensor.h"

CT_BEGIN

// Element by element, with broadcasting.
ct_status ct_add(ct_tensor *out, ct_tensor a, ct_tensor b);
ct_status ct_subtract(ct_tensor *out, ct_tensor a, ct_tensor b);
ct_status ct_multiply(ct_tensor *out, ct_tensor a, ct_tensor b);
ct_status ct_divide(ct_tensor *out, ct_tensor a, ct_tensor b);
ct_status ct_power(ct_tensor *out, ct_tensor a, ct_tensor b);
ct_status ct_maximum(ct_tensor *out, ct_tensor a, ct_tensor b);
ct_status ct_minimum(ct_tensor *out, ct_tensor a, ct_tensor b);

// With a number. A whole number keeps an integer tensor an integer tensor.
ct_status ct_add_scalar(ct_tensor *out, ct_tensor a, double b);
ct_status ct_multiply_scalar(ct_tensor *out, ct_tensor a, double b);
ct_status ct_divide_scalar(ct_tensor *out, ct_tensor a, double b);
ct_status ct_power_scalar(ct_tensor *out, ct_tensor a, double b);
ct_status ct_clamp(ct_tensor *out, ct_tensor a, double low, double high);

typedef enum {
    CT_NEGATE, CT_ABS, CT_EXP, CT_LOG, CT_SQRT, CT_RSQRT, CT_SIN, CT_COS, CT_TANH, CT_SIGMOID, CT_ERF,
    CT_SIGN, CT_FLOOR, CT_ROUND, CT_RELU, CT_SILU, CT_GELU, CT_GELU_TANH, CT_ISFINITE, CT_LOGICAL_NOT,
} ct_unary;
ct_status ct_apply(ct_tensor *out, ct_unary operation, ct_tensor a);

typedef enum { CT_EQUAL, CT_NOT_EQUAL, CT_LESS, CT_LESS_EQUAL, CT_GREATER, CT_GREATER_EQUAL } ct_comparison;
ct_status ct_compare(ct_tensor *out, ct_comparison comparison, ct_tensor a, ct_tensor b);
ct_status ct_compare_scalar(ct_tensor *out, ct_comparison comparison, ct_tensor a, double b);
ct_status ct_logical_and(ct_tensor *out, ct_tensor a, ct_tensor b);
ct_status ct_logical_or(ct_tensor *out, ct_tensor a, ct_tensor b);
/// Whether shapes, types and all elements are the same. NaN differs from itself.
ct_status ct_all_equal(bool *out, ct_tensor a, ct_tensor b);

// Reductions. No axes means all of them.
typedef enum { CT_SUM, CT_MEAN, CT_MAX, CT_MIN, CT_LOGSUMEXP, CT_NORM } ct_reduction;
ct_status ct_reduce(ct_tensor *out, ct_reduction reduction, ct_tensor a, const int64_t *axes, size_t count, bool keep);
ct_status ct_variance(ct_tensor *out, ct_tensor a, const int64_t *axes, size_t count, bool unbiased, bool keep);
ct_status ct_any(ct_tensor *out, ct_tensor a);
ct_status ct_all(ct_tensor *out, ct_tensor a);
/// Whether no element is NaN or infinite. On the CPU without gaps: one pass, no memory.
ct_status ct_all_finite(bool *out, ct_tensor a);
ct_status ct_cumulative_sum(ct_tensor *out, ct_tensor a, int64_t axis);
ct_status ct_argmax(ct_tensor *out, ct_tensor a, int64_t axis, bool keep);
ct_status ct_topk(ct_tensor *values, ct_tensor *indices, ct_tensor a, int64_t k, int64_t axis, bool largest);
/// Stable.
ct_status ct_sort(ct_tensor *values, ct_tensor *indices, ct_tensor a, int64_t axis, bool descending);

// Products.
ct_status ct_matmul(ct_tensor *out, ct_tensor a, ct_tensor b);
/// x [..., in] times weight [out, in] transposed, plus bias [out] or null. On the CPU through oneDNN,
/// which is about twice as fast there as libtorch's default.
ct_status ct_linear(ct_tensor *out, ct_tensor x, ct_tensor weight, ct_tensor bias);
/// `operation` (relu, silu or one of the GELUs) of `ct_linear`.
ct_status ct_linear_activated(ct_tensor *out, ct_tensor x, ct_tensor weight, ct_tensor bias, ct_unary operation);
/// A weight in oneDNN's own order, for `ct_linear` only, best for products with `rows` rows; null where oneDNN has
/// none.
ct_status ct_pack_linear(ct_tensor *out, ct_tensor weight, int64_t rows);

// Layers.
ct_status ct_softmax(ct_tensor *out, ct_tensor a, int64_t axis);
ct_status ct_log_softmax(ct_tensor *out, ct_tensor a, int64_t axis);
/// Over the last axis; weight and bias may be null.
ct_status ct_layer_norm(ct_tensor *out, ct_tensor x, ct_tensor weight, ct_tensor bias, double epsilon);
/// Over the last axis; weight may be null.
ct_status ct_rms_norm(ct_tensor *out, ct_tensor x, ct_tensor weight, double epsilon);
ct_status ct_embedding(ct_tensor *out, ct_tensor weight, ct_tensor indices);
/// Rotary positions: turns the pairs of the first n of the last axis of x by angles whose cosines and sines [..., n / 2]
/// broadcast to them. Pairs are neighbours, or i and i + n / 2. With `overwrite` x may be changed, and be what comes out.
ct_status ct_rotate(ct_tensor *out, ct_tensor x, ct_tensor cosines, ct_tensor sines, bool neighbours, bool overwrite);
/// Fused causal attention; twice differentiable only under `ct_set_second_derivatives`.
/// q [batch, head, query, d_head]; k, v [batch, key/value head, key, d_head].
ct_status ct_causal_attention(ct_tensor *out, ct_tensor q, ct_tensor k, ct_tensor v, double scale, int64_t window);
/// In place: -inf where key > query + (keys - queries). scores [..., query, key].
ct_status ct_causal_mask_(ct_tensor scores, int64_t window);
/// logits [n, class], targets [n] (int64) -> losses [n], in nats.
ct_status ct_cross_entropy(ct_tensor *out, ct_tensor logits, ct_tensor targets);

CT_END
