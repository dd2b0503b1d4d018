// Linear maps with first and second derivatives of their own, and causal attention with a first one.
#include "derivatives.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include "causal_attention.hpp"
#include "onednn.hpp"
#include "parallel.hpp"

namespace ct {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// a b for matrices [n, k] and [k, m].
at::Tensor product(const at::Tensor &a, const at::Tensor &b) { return onednn_linear(a, b.t(), std::nullopt); }

/// a^T b for tall matrices [n, k] and [n, m]. Of the two ways round this is the one that oneDNN is fast at.
at::Tensor gram(const at::Tensor &a, const at::Tensor &b) {
    return onednn_linear(b.t(), a.t(), std::nullopt).t().contiguous();
}

at::Tensor flat(const at::Tensor &x) { return x.reshape({-1, x.size(-1)}); }

/// The derivative of y = x W^T + b as a step of its own: dx = g W, dW = g^T x, db = the rows of g summed.
class LinearGradient : public torch::autograd::Function<LinearGradient> {
  public:
    /// g [n, out], x [n, in]
    static variable_list forward(AutogradContext *context, const Variable &g, const Variable &x, const Variable &weight) {
        context->save_for_backward({g, x, weight});
        return {product(g, weight), gram(g, x), g.sum(0)};
    }

    /// Gradients of g, x and W for cotangents of the gradients of x, W and b. By symmetry their sum with those is g times
    /// the map's change when its inputs change by the cotangents: g . (cx W^T + x cW^T + cb).
    static variable_list backward(AutogradContext *context, variable_list cotangents) {
        TORCH_CHECK(!c10::GradMode::is_enabled(), "linear maps have no third derivative");
        auto saved = context->get_saved_variables();
        const auto &g = saved[0], &x = saved[1], &weight = saved[2];
        const auto &cx = cotangents[0], &cw = cotangents[1], &cb = cotangents[2];
        auto dg = onednn_linear(at::cat({cx, x}, 1), at::cat({weight, cw}, 1), cb.contiguous());
        return {dg, product(g, cw), gram(g, cx)};
    }
};

class Linear : public torch::autograd::Function<Linear> {
  public:
    static Variable forward(AutogradContext *context, const Variable &x, const Variable &weight,
                            const std::optional<at::Tensor> &bias) {
        context->save_for_backward({x, weight});
        context->saved_data["has_bias"] = bias.has_value();
        return onednn_linear(x, weight, bias);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        const auto &x = saved[0], &weight = saved[1];
        auto g = flat(gradients[0]);
        bool has_bias = context->saved_data["has_bias"].toBool();
        variable_list result(3);
        if (c10::GradMode::is_enabled()) {
            result = LinearGradient::apply(g.contiguous(), flat(x), weight);
            result[0] = result[0].reshape(x.sizes());
            if (!has_bias) result[2] = at::Tensor();
            return result;
        }
        if (context->needs_input_grad(0)) result[0] = product(g, weight).reshape(x.sizes());
        if (context->needs_input_grad(1)) result[1] = gram(g, flat(x));
        if (has_bias && context->needs_input_grad(2)) result[2] = g.sum(0);
        return result;
    }
};

Rows rows(const at::Tensor &value, int64_t batch, int64_t head) {
    return Rows{value.mutable_data_ptr<float>() + batch * value.stride(0) + head * value.stride(1), value.stride(2)};
}

/// Rows whose elements stand together.
at::Tensor with_whole_rows(const at::Tensor &value) { return value.stride(3) == 1 ? value : value.contiguous(); }

/// [batch, head, position, d_head] in the order [batch, position, head, d_head], so that the next map can read it as it is.
at::Tensor empty_by_position(const at::Tensor &like) {
    return at::empty({like.size(0), like.size(2), like.size(1), like.size(3)}, like.options()).transpose(1, 2);
}

/// Runs `body(batch, head, scratch)` for every head of every sequence, on all threads.
template <class Body>
void for_each_head(const at::Tensor &q, const AttentionShape &shape, Body &&body) {
    const int64_t heads = q.size(1), work = shape.length * shape.length * shape.width;
    const int64_t grain = std::max<int64_t>(1, 65536 / std::max<int64_t>(work, 1));
    over_threads(q.size(0) * heads, grain, [&](int64_t begin, int64_t end) {
        constexpr int64_t unit = sizeof(AttentionScratch) / sizeof(float);
        std::vector<AttentionScratch> scratch(static_cast<size_t>((shape.scratch() + unit - 1) / unit));
        for (int64_t i = begin; i < end; i++) body(i / heads, i % heads, scratch.data());
    });
}

/// Each head's mixed values, and for each query the logarithm of its exponentials' sum. Heads of queries share keys and
/// values where there are fewer of these.
std::pair<at::Tensor, at::Tensor> attended(const at::Tensor &query, const at::Tensor &key, const at::Tensor &value,
                                           double scale) {
    auto q = with_whole_rows(query), k = with_whole_rows(key), v = with_whole_rows(value);
    const AttentionShape shape{q.size(2), q.size(3), static_cast<float>(scale)};
    const int64_t sharing = q.size(1) / k.size(1);
    auto mixed = empty_by_position(q);
    auto normalizers = at::empty({q.size(0), q.size(1), q.size(2)}, q.options());
    auto of_all = normalizers.mutable_data_ptr<float>();
    for_each_head(q, shape, [&](int64_t b, int64_t h, AttentionScratch *scratch) {
        auto own = of_all + (b * q.size(1) + h) * shape.length;
        attend(shape, rows(q, b, h), rows(k, b, h / sharing), rows(v, b, h / sharing), rows(mixed, b, h), own, scratch);
    });
    return {mixed, normalizers};
}

class Attention : public torch::autograd::Function<Attention> {
  public:
    static Variable forward(AutogradContext *context, const Variable &query, const Variable &key, const Variable &value,
                            double scale) {
        auto [mixed, normalizers] = attended(query, key, value, scale);
        context->save_for_backward({query, key, value, normalizers});
        context->saved_data["scale"] = scale;
        return mixed;
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        TORCH_CHECK(!c10::GradMode::is_enabled(), "attention has a second derivative only where these are recorded");
        auto saved = context->get_saved_variables();
        auto q = with_whole_rows(saved[0]), k = with_whole_rows(saved[1]), v = with_whole_rows(saved[2]);
        auto g = with_whole_rows(gradients[0]);
        const auto scale = static_cast<float>(context->saved_data["scale"].toDouble());
        const AttentionShape shape{q.size(2), q.size(3), scale};
        auto dq = empty_by_position(q), dk = empty_by_position(q), dv = empty_by_position(q);
        auto of_all = saved[3].const_data_ptr<float>();
        for_each_head(q, shape, [&](int64_t b, int64_t h, AttentionScratch *scratch) {
            auto own = of_all + (b * q.size(1) + h) * shape.length;
            attend_backward(shape, rows(q, b, h), rows(k, b, h), rows(v, b, h), own, rows(g, b, h), rows(dq, b, h),
                            rows(dk, b, h), rows(dv, b, h), scratch);
        });
        return {dq, dk, dv, at::Tensor()};
    }
};

}  // namespace

at::Tensor linear(const at::Tensor &x, const at::Tensor &weight, const std::optional<at::Tensor> &bias) {
    if (!fits_onednn(x, weight)) return at::linear(x, weight, bias);
    if (!is_recorded({x, weight, bias})) return onednn_linear(x, weight, bias);
    return Linear::apply(x, weight, bias);
}

bool fits_own_attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v) {
    constexpr int64_t cached = 1 << 15;  // floats of keys, of values, of each gradient: 128 KiB
    auto fits = [&](const at::Tensor &value) {
        return value.is_cpu() && value.scalar_type() == at::kFloat && value.dim() == 4 && value.sizes() == k.sizes();
    };
    bool same = q.size(0) == k.size(0) && q.size(2) == k.size(2) && q.size(3) == k.size(3);
    bool shares = q.size(1) != k.size(1);
    return fits(k) && fits(v) && same && q.scalar_type() == at::kFloat && q.numel() > 0 &&
           q.size(2) * q.size(3) <= cached && !(shares && is_recorded({q, k, v}));
}

at::Tensor attention(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, double scale) {
    if (!is_recorded({q, k, v})) return attended(q, k, v, scale).first;
    return Attention::apply(q, k, v, scale);
}

}  // namespace ct
