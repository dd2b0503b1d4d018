// Linear maps by oneDNN. Private to CTorch.
#pragma once

#include "guard.hpp"

namespace ct {

/// Whether oneDNN's linear knows this weight: on the CPU, in float32.
bool fits_onednn(const at::Tensor &weight);

/// Whether it knows this product.
bool fits_onednn(const at::Tensor &x, const at::Tensor &weight);

/// x weight^T + bias, then perhaps an activation. The weight may be a transposed view. Has no derivative.
at::Tensor onednn_linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                         std::string_view activation = "none", std::optional<std::string_view> algorithm = "");

/// Whether what is computed from one of these, where there are such, will be recorded for differentiation.
bool is_recorded(std::initializer_list<std::optional<at::Tensor>> values);

}  // namespace ct
