// Element by element, and reductions.
#include "include/ct_ops.h"

#include <cmath>
#include <limits>

#include "guard.hpp"

using namespace ct;

namespace {

/// A whole number keeps an integer tensor an integer tensor.
at::Scalar scalar(const at::Tensor &tensor, double value) {
    bool whole = std::trunc(value) == value && std::abs(value) < 9.0e15;
    if (whole && at::isIntegralType(tensor.scalar_type(), /*includeBool=*/false)) {
        return at::Scalar(static_cast<int64_t>(value));
    }
    return at::Scalar(value);
}

template <class Other>
at::Tensor compare(ct_comparison comparison, const at::Tensor &a, const Other &b) {
    switch (comparison) {
        case CT_EQUAL: return a.eq(b);
        case CT_NOT_EQUAL: return a.ne(b);
        case CT_LESS: return a.lt(b);
        case CT_LESS_EQUAL: return a.le(b);
        case CT_GREATER: return a.gt(b);
        case CT_GREATER_EQUAL: return a.ge(b);
    }
    TORCH_CHECK(false, "unknown comparison code ", static_cast<int>(comparison));
}

}  // namespace

ct_status ct_add(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return a->value.add(b->value); });
}

ct_status ct_subtract(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return a->value.sub(b->value); });
}

ct_status ct_multiply(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return a->value.mul(b->value); });
}

ct_status ct_divide(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return a->value.div(b->value); });
}

ct_status ct_power(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return a->value.pow(b->value); });
}

ct_status ct_maximum(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return at::maximum(a->value, b->value); });
}

ct_status ct_minimum(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return at::minimum(a->value, b->value); });
}

ct_status ct_add_scalar(ct_tensor *out, ct_tensor a, double b) {
    return produce(out, [&] { return a->value.add(scalar(a->value, b)); });
}

ct_status ct_multiply_scalar(ct_tensor *out, ct_tensor a, double b) {
    return produce(out, [&] { return a->value.mul(scalar(a->value, b)); });
}

ct_status ct_divide_scalar(ct_tensor *out, ct_tensor a, double b) {
    return produce(out, [&] { return a->value.div(scalar(a->value, b)); });
}

ct_status ct_power_scalar(ct_tensor *out, ct_tensor a, double b) {
    return produce(out, [&] { return a->value.pow(scalar(a->value, b)); });
}

ct_status ct_clamp(ct_tensor *out, ct_tensor a, double low, double high) {
    return produce(out, [&] { return a->value.clamp(scalar(a->value, low), scalar(a->value, high)); });
}

at::Tensor ct::apply(ct_unary operation, const at::Tensor &a) {
    switch (operation) {
        case CT_NEGATE: return a.neg();
        case CT_ABS: return a.abs();
        case CT_EXP: return a.exp();
        case CT_LOG: return a.log();
        case CT_SQRT: return a.sqrt();
        case CT_RSQRT: return a.rsqrt();
        case CT_SIN: return a.sin();
        case CT_COS: return a.cos();
        case CT_TANH: return a.tanh();
        case CT_SIGMOID: return a.sigmoid();
        case CT_ERF: return a.erf();
        case CT_SIGN: return a.sign();
        case CT_FLOOR: return a.floor();
        case CT_ROUND: return a.round();
        case CT_RELU: return a.relu();
        case CT_SILU: return at::silu(a);
        case CT_GELU: return at::gelu(a, "none");
        case CT_GELU_TANH: return at::gelu(a, "tanh");
        case CT_ISFINITE: return a.isfinite();
        case CT_LOGICAL_NOT: return a.logical_not();
    }
    TORCH_CHECK(false, "unknown operation code ", static_cast<int>(operation));
}

ct_status ct_apply(ct_tensor *out, ct_unary operation, ct_tensor tensor) {
    return produce(out, [&] { return apply(operation, tensor->value); });
}

ct_status ct_compare(ct_tensor *out, ct_comparison comparison, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return compare(comparison, a->value, b->value); });
}

ct_status ct_compare_scalar(ct_tensor *out, ct_comparison comparison, ct_tensor a, double b) {
    return produce(out, [&] { return compare(comparison, a->value, scalar(a->value, b)); });
}

ct_status ct_logical_and(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return a->value.logical_and(b->value); });
}

ct_status ct_logical_or(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return a->value.logical_or(b->value); });
}

ct_status ct_all_equal(bool *out, ct_tensor a, ct_tensor b) {
    return guard([&] {
        *out = a->value.scalar_type() == b->value.scalar_type() && a->value.sizes() == b->value.sizes() &&
               at::equal(a->value, b->value);
    });
}

ct_status ct_reduce(ct_tensor *out, ct_reduction reduction, ct_tensor tensor, const int64_t *axes, size_t count, bool keep) {
    return produce(out, [&]() -> at::Tensor {
        const at::Tensor &a = tensor->value;
        std::vector<int64_t> chosen(axes, axes + count);
        if (chosen.empty()) {
            for (int64_t axis = 0; axis < a.dim(); axis++) chosen.push_back(axis);
        }
        switch (reduction) {
            case CT_SUM: return a.sum(chosen, keep);
            case CT_MEAN: return a.mean(chosen, keep);
            case CT_MAX: return a.amax(chosen, keep);
            case CT_MIN: return a.amin(chosen, keep);
            case CT_LOGSUMEXP: return a.logsumexp(chosen, keep);
            case CT_NORM: return at::linalg_vector_norm(a, 2, chosen, keep);
        }
        TORCH_CHECK(false, "unknown reduction code ", static_cast<int>(reduction));
    });
}

ct_status ct_variance(ct_tensor *out, ct_tensor a, const int64_t *axes, size_t count, bool unbiased, bool keep) {
    return produce(out, [&] { return a->value.var(list(axes, count), unbiased, keep); });
}

ct_status ct_any(ct_tensor *out, ct_tensor a) {
    return produce(out, [&] { return a->value.any(); });
}

ct_status ct_all(ct_tensor *out, ct_tensor a) {
    return produce(out, [&] { return a->value.all(); });
}

ct_status ct_cumulative_sum(ct_tensor *out, ct_tensor a, int64_t axis) {
    return produce(out, [&] { return a->value.cumsum(axis); });
}

ct_status ct_argmax(ct_tensor *out, ct_tensor a, int64_t axis, bool keep) {
    return produce(out, [&] { return a->value.argmax(axis, keep); });
}

ct_status ct_topk(ct_tensor *values, ct_tensor *indices, ct_tensor a, int64_t k, int64_t axis, bool largest) {
    return produce_pair(values, indices, [&] { return a->value.topk(k, axis, largest, /*sorted=*/true); });
}

ct_status ct_sort(ct_tensor *values, ct_tensor *indices, ct_tensor a, int64_t axis, bool descending) {
    return produce_pair(values, indices, [&] { return a->value.sort(/*stable=*/true, axis, descending); });
}
