// Gradients. Grad mode is off on every thread until that thread switches it on.
#pragma once

#include "ct_tensor.h"

CT_BEGIN

ct_status ct_grad_mode(bool *out);
ct_status ct_set_grad_mode(bool enabled);
ct_status ct_requires_grad(bool *out, ct_tensor tensor);
/// Marks a leaf tensor, in place.
ct_status ct_set_requires_grad(ct_tensor tensor, bool required);
ct_status ct_detach(ct_tensor *out, ct_tensor tensor);
/// d(sum of outputs . weights)/d(inputs). `weights` may be null for one scalar output. `out` has room for one
/// entry an input; an input that the outputs do not depend on gets zeros.
ct_status ct_grad(ct_tensor *out, const ct_tensor *outputs, const ct_tensor *weights, size_t output_count,
                  const ct_tensor *inputs, size_t input_count, bool retain_graph, bool create_graph);
/// One fused AdamW update, in place, of `count` parameters; `step` counts from 1.
ct_status ct_adamw_(const ct_tensor *parameters, const ct_tensor *gradients, const ct_tensor *first_moments,
                    const ct_tensor *second_moments, size_t count, int64_t step, double learning_rate, double beta1,
                    double beta2, double weight_decay, double epsilon);
/// The Euclidean norm of all elements of `count` tensors together.
ct_status ct_common_norm(double *out, const ct_tensor *values, size_t count);
/// Multiplies `count` tensors in place.
ct_status ct_scale_(const ct_tensor *values, size_t count, double factor);

CT_END
