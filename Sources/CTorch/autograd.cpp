// Gradients and the optimiser step.
#include "include/ct_autograd.h"

#include <torch/csrc/autograd/autograd.h>

#include "guard.hpp"

using namespace ct;

ct_status ct_grad_mode(bool *out) {
    return guard([&] { *out = c10::GradMode::is_enabled(); });
}

ct_status ct_set_grad_mode(bool enabled) {
    return guard([&] { c10::GradMode::set_enabled(enabled); });
}

ct_status ct_requires_grad(bool *out, ct_tensor tensor) {
    return guard([&] { *out = tensor->value.requires_grad(); });
}

ct_status ct_set_requires_grad(ct_tensor tensor, bool required) {
    return guard([&] { tensor->value.requires_grad_(required); });
}

ct_status ct_detach(ct_tensor *out, ct_tensor tensor) {
    return produce(out, [&] { return tensor->value.detach(); });
}

ct_status ct_grad(ct_tensor *out, const ct_tensor *outputs, const ct_tensor *weights, size_t output_count,
                  const ct_tensor *inputs, size_t input_count, bool retain_graph, bool create_graph) {
    return guard([&] {
        auto wanted = tensors(inputs, input_count);
        auto given = weights ? tensors(weights, output_count) : std::vector<at::Tensor>();
        auto gradients = torch::autograd::grad(tensors(outputs, output_count), wanted, given, retain_graph,
                                               create_graph, /*allow_unused=*/true);
        for (size_t i = 0; i < input_count; i++) {
            if (!gradients[i].defined()) gradients[i] = at::zeros_like(wanted[i]);
        }
        for (size_t i = 0; i < input_count; i++) out[i] = wrap(std::move(gradients[i]));
    });
}

ct_status ct_adamw_(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *first_moments,
                    const ct_tensor *second_moments, size_t count, int64_t step, double learning_rate, double beta1,
                    double beta2, double weight_decay, double epsilon) {
    return guard([&] {
        std::vector<at::Tensor> counters(count, at::full({}, step, at::kFloat));
        at::_fused_adamw_(tensors(parameters, count), tensors(gradients, count), tensors(first_moments, count),
                          tensors(second_moments, count), /*max_exp_avg_sqs=*/{}, counters, learning_rate, beta1,
                          beta2, weight_decay, epsilon, /*amsgrad=*/false, /*maximize=*/false);
    });
}

ct_status ct_common_norm(double *out, const ct_tensor *values, size_t count) {
    return guard([&] {
        if (count == 0) {
            *out = 0;
            return;
        }
        *out = at::stack(at::_foreach_norm(tensors(values, count), 2)).norm().item<double>();
    });
}

ct_status ct_scale_(const ct_tensor *values, size_t count, double factor) {
    return guard([&] {
        if (count > 0) at::_foreach_mul_(tensors(values, count), factor);
    });
}
