// Linear maps and causal attention with derivatives of their own. Where the derivative itself is recorded, it is made of
// libtorch's operations, which have theirs.
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
        const auto &gradient = gradients[0];
        auto rows = gradient.reshape({-1, gradient.size(-1)});
        auto inputs = x.reshape({-1, x.size(-1)});
        variable_list result(3);
        bool is_recorded = c10::GradMode::is_enabled();
        if (context->needs_input_grad(0)) {
            result[0] = is_recorded ? at::matmul(gradient, weight) : onednn_linear(gradient, weight.t(), std::nullopt);
        }
        if (context->needs_input_grad(1)) {
            // Of the two ways round this is the one that oneDNN is fast at.
            result[1] = is_recorded ? rows.t().matmul(inputs)
                                    : onednn_linear(inputs.t(), rows.t(), std::nullopt).t().contiguous();
        }
        if (context->saved_data["has_bias"].toBool() && context->needs_input_grad(2)) result[2] = rows.sum(0);
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
        auto saved = context->get_saved_variables();
        const double scale = context->saved_data["scale"].toDouble();
        auto result = c10::GradMode::is_enabled()
                          ? recorded(saved[0], saved[1], saved[2], gradients[0], scale)
                          : plain(saved[0], saved[1], saved[2], saved[3], gradients[0], scale);
        result.push_back({});
        return result;
    }

  private:
    static variable_list plain(const at::Tensor &query, const at::Tensor &key, const at::Tensor &value,
                               const at::Tensor &normalizers, const at::Tensor &gradient, double scale) {
        auto q = with_whole_rows(query), k = with_whole_rows(key), v = with_whole_rows(value);
        auto g = with_whole_rows(gradient);
        const AttentionShape shape{q.size(2), q.size(3), static_cast<float>(scale)};
        auto dq = empty_by_position(q), dk = empty_by_position(q), dv = empty_by_position(q);
        auto of_all = normalizers.const_data_ptr<float>();
        for_each_head(q, shape, [&](int64_t b, int64_t h, AttentionScratch *scratch) {
            auto own = of_all + (b * q.size(1) + h) * shape.length;
            attend_backward(shape, rows(q, b, h), rows(k, b, h), rows(v, b, h), own, rows(g, b, h), rows(dq, b, h),
                            rows(dk, b, h), rows(dv, b, h), scratch);
        });
        return {dq, dk, dv};
    }

    static variable_list recorded(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const at::Tensor &gradient,
                                  double scale) {
        auto hidden = at::ones({q.size(2), q.size(2)}, q.options().dtype(at::kBool)).triu_(1);
        auto scores = at::matmul(q * scale, k.transpose(2, 3));
        auto pattern = scores.masked_fill(hidden, -std::numeric_limits<double>::infinity()).softmax(-1);
        auto found = at::matmul(gradient, v.transpose(2, 3));
        auto slopes = pattern * (found - (pattern * found).sum(-1, /*keepdim=*/true)) * scale;
        return {at::matmul(slopes, k), at::matmul(slopes.transpose(2, 3), q),
                at::matmul(pattern.transpose(2, 3), gradient)};
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
