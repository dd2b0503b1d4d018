// Causal attention of one head, forward and backward, written for sequences of a few hundred tokens and narrow heads, where
// libtorch's fused attention spends most of its time on starting matrix products. Private to CTorch.
#pragma once

#include <cstdint>

namespace ct {

/// Rows of floats; the elements of a row stand together.
struct Rows {
    float *data;
    int64_t stride;

    float *operator[](int64_t row) const { return data + row * stride; }
};

/// What all heads have in common.
struct AttentionShape {
    int64_t length;
    int64_t width;
    float scale;

    /// Floats of scratch memory that one head needs, aligned as `AttentionScratch` is.
    int64_t scratch() const;
};

/// Memory that vector loads may be aligned to.
struct alignas(64) AttentionScratch {
    float values[16];
};

/// mixed = softmax(scale q k^T + causal mask) v, and for each query the logarithm of its exponentials' sum.
void attend(const AttentionShape &shape, Rows q, Rows k, Rows v, Rows mixed, float *normalizers, AttentionScratch *scratch);

/// The gradients of q, k and v from that of `mixed`.
void attend_backward(const AttentionShape &shape, Rows q, Rows k, Rows v, const float *normalizers, Rows gradient, Rows dq,
                     Rows dk, Rows dv, AttentionScratch *scratch);

}  // namespace ct
