// Layers whose derivative is written here, because libtorch's own is slow on the processor. Private to CTorch.
#pragma once

#include "guard.hpp"

namespace ct {

/// x weight^T + bias: by oneDNN where it knows the product, and its first and second derivatives too; else
/// libtorch's own.
at::Tensor linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias);

/// Whether `attention` is for these: in float32 on the CPU, and sequences whose keys and values stay in the processor's
/// cache. Query heads may share key heads only where nothing is recorded.
bool fits_own_attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v);

/// Causal attention of q [batch, head, position, d_head] and k, v [batch, group, position, d_head]
/// (causal_attention.hpp), with a first derivative.
at::Tensor attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, double scale);

}  // namespace ct
