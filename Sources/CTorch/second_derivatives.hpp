// Layers whose first derivatives are recorded as one step with a derivative of its own. Private to CTorch.
//
// libtorch's fused attention has no second derivative, and what it has for the other layers is a long list of passes
// over memory. Here each layer is three functions: its value, its first derivative, and the derivative of that, each
// written out from its formula. A third derivative is an error.
#pragma once

#include <ATen/ATen.h>

namespace ct::second {

/// Whether this thread records layers in this form.
bool is_recorded();
/// The same, and the tensor is one that the functions below take: float32 or float64 on the CPU, not empty.
bool takes(const at::Tensor &x);

/// Causal attention with as many keys as queries: q, k, v [batch, head, position, width].
at::Tensor attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, double scale);
/// Layer norm over the last axis, or, not `centred`, RMS norm; `bias` may be missing.
at::Tensor norm(const at::Tensor &x, const std::optional<at::Tensor> &weight, const std::optional<at::Tensor> &bias,
                double epsilon, bool centred);
/// -log softmax(logits)[target]: logits [n, class], targets [n].
at::Tensor cross_entropy(const at::Tensor &logits, const at::Tensor &targets);

}  // namespace ct::second
