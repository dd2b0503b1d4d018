// Linear maps by oneDNN, about twice as fast as libtorch's default.
#include "onednn.hpp"

#include <ATen/core/dispatch/Dispatcher.h>

namespace ct {

bool is_recorded(std::initializer_list<std::optional<at::Tensor>> values) {
    if (!c10::GradMode::is_enabled()) return false;
    for (const auto &value : values) {
        if (value && value->requires_grad()) return true;
    }
    return false;
}

bool fits_onednn(const at::Tensor &weight) {
    return (weight.is_mkldnn() || weight.is_cpu()) && weight.scalar_type() == at::kFloat &&
           at::globalContext().userEnabledMkldnn() && at::hasMKLDNN();
}

bool fits_onednn(const at::Tensor &x, const at::Tensor &weight) {
    return x.is_cpu() && x.scalar_type() == at::kFloat && x.numel() > 0 && x.dim() >= 2 && fits_onednn(weight);
}

at::Tensor onednn_linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias,
                         std::string_view activation, std::optional<std::string_view> algorithm) {
    using Signature = at::Tensor(const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &,
                                 std::string_view, c10::List<std::optional<at::Scalar>>,
                                 std::optional<std::string_view>);
    static auto op = c10::Dispatcher::singleton()
                         .findSchemaOrThrow("mkldnn::_linear_pointwise", "")
                         .typed<Signature>();
    return op.call(x, weight, bias, activation, c10::List<std::optional<at::Scalar>>(), algorithm);
}

}  // namespace ct
