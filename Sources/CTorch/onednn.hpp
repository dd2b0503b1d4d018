// oneDNN's linear, which libtorch has no C++ name for. Private to CTorch.
#pragma once

#include <ATen/ATen.h>

#include <string_view>

namespace ct {

/// Whether oneDNN's linear knows this weight: on the CPU, in float32.
bool fits_onednn(const at::Tensor &weight);
/// x [..., in] times weight [out, in] transposed, plus bias, through a function. Has no derivative.
at::Tensor onednn_linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                         std::string_view activation = "none", std::optional<std::string_view> algorithm = "");

}  // namespace ct
