// Products and the layers of a transformer.
#include <ATen/core/dispatch/Dispatcher.h>

#include "derivatives.hpp"
#include "guard.hpp"
#include "include/ct_ops.h"
#include "onednn.hpp"
#include "second_derivatives.hpp"

using namespace ct;

namespace {

std::optional<at::Tensor> optional(ct_tensor tensor) {
    return tensor ? std::optional<at::Tensor>(tensor->value) : std::nullopt;
}

/// true where a query may not look. The last query stands at the last key, so query i stands at i + keys - queries: not
/// at keys after that, and not at keys that are `window` or more before it (0: no window).
at::Tensor hidden(int64_t queries, int64_t keys, int64_t window, const at::TensorOptions &options) {
    auto mask = at::ones({queries, keys}, options.dtype(at::kBool)).triu_(keys - queries + 1);
    if (window > 0 && window < keys) mask.logical_or_(at::ones_like(mask).tril_(keys - queries - window));
    return mask;
}

/// What is added to scores for a mask that is true where a query may look.
std::optional<at::Tensor> added(const std::optional<at::Tensor> &mask, const at::TensorOptions &options) {
    if (!mask) return std::nullopt;
    return at::zeros(mask->sizes(), options)
        .masked_fill_(mask->logical_not(), -std::numeric_limits<double>::infinity());
}

}  // namespace

ct_status ct_matmul(ct_tensor *out, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return at::matmul(a->value, b->value); });
}

ct_status ct_linear(ct_tensor *out, ct_tensor x, ct_tensor weight, ct_tensor bias) {
    return produce(out, [&] { return ct::linear(x->value, weight->value, optional(bias)); });
}

ct_status ct_linear_activated(ct_tensor *out, ct_tensor x, ct_tensor weight, ct_tensor bias, ct_unary operation) {
    return produce(out, [&]() -> at::Tensor {
        bool is_fused = fits_onednn(x->value, weight->value) &&
                        !is_recorded({x->value, weight->value, optional(bias)});
        if (!is_fused) return apply(operation, ct::linear(x->value, weight->value, optional(bias)));
        auto call = [&](std::string_view activation, std::string_view algorithm) {
            return onednn_linear(x->value, weight->value, optional(bias), activation, algorithm);
        };
        switch (operation) {
            case CT_RELU: return call("relu", "");
            case CT_SILU: return call("swish", "");
            case CT_GELU: return call("gelu", "none");
            case CT_GELU_TANH: return call("gelu", "tanh");
            default: return apply(operation, onednn_linear(x->value, weight->value, optional(bias)));
        }
    });
}

ct_status ct_pack_linear(ct_tensor *out, ct_tensor weight, int64_t rows) {
    return guard([&] {
        *out = nullptr;
        if (!fits_onednn(weight->value)) return;
        using Signature = at::Tensor(const at::Tensor &, std::optional<c10::SymInt>);
        static auto op = c10::Dispatcher::singleton()
                             .findSchemaOrThrow("mkldnn::_reorder_linear_weight", "")
                             .typed<Signature>();
        *out = wrap(op.call(weight->value, c10::SymInt(rows)));
    });
}

ct_status ct_softmax(ct_tensor *out, ct_tensor a, int64_t axis) {
    return produce(out, [&] { return a->value.softmax(axis); });
}

ct_status ct_log_softmax(ct_tensor *out, ct_tensor a, int64_t axis) {
    return produce(out, [&] { return a->value.log_softmax(axis); });
}

ct_status ct_layer_norm(ct_tensor *out, ct_tensor x, ct_tensor weight, ct_tensor bias, double epsilon) {
    return produce(out, [&] {
        if (second::takes(x->value)) {
            return second::norm(x->value, optional(weight), optional(bias), epsilon, /*centred=*/true);
        }
        return at::layer_norm(x->value, {x->value.size(-1)}, optional(weight), optional(bias), epsilon);
    });
}

ct_status ct_rms_norm(ct_tensor *out, ct_tensor x, ct_tensor weight, double epsilon) {
    return produce(out, [&] {
        if (second::takes(x->value)) {
            return second::norm(x->value, optional(weight), std::nullopt, epsilon, /*centred=*/false);
        }
        return at::rms_norm(x->value, {x->value.size(-1)}, optional(weight), epsilon);
    });
}

ct_status ct_embedding(ct_tensor *out, ct_tensor weight, ct_tensor indices) {
    return produce(out, [&] { return at::embedding(weight->value, indices->value); });
}

ct_status ct_causal_attention(ct_tensor *out, ct_tensor q, ct_tensor k, ct_tensor v, double scale,
                              int64_t window) {
    return produce(out, [&] {
        bool grouped = q->value.size(1) != k->value.size(1);
        int64_t queries = q->value.size(2), keys = k->value.size(2);
        // libtorch's causal flag aligns the first query with the first key (right only for equal lengths) and knows
        // no window.
        bool plain = queries == keys && (window <= 0 || window >= keys);
        std::optional<at::Tensor> mask;
        if (!plain) mask = hidden(queries, keys, window, q->value.options()).logical_not_();
        if (second::is_recorded()) {
            if (plain && !grouped && second::takes(q->value)) {
                return second::attention(q->value, k->value, v->value, scale);
            }
            return std::get<0>(at::_scaled_dot_product_attention_math(
                q->value, k->value, v->value, added(mask, q->value.options()), /*dropout_p=*/0.0,
                /*is_causal=*/plain, /*dropout_mask=*/std::nullopt, scale, grouped));
        }
        if (plain && fits_own_attention(q->value, k->value, v->value)) {
            return attention(q->value, k->value, v->value, scale);
        }
        return at::scaled_dot_product_attention(q->value, k->value, v->value, mask, /*dropout_p=*/0.0,
                                                /*is_causal=*/plain, scale, grouped);
    });
}

ct_status ct_causal_mask_(ct_tensor scores, int64_t window) {
    return guard([&] {
        auto &value = scores->value;
        value.masked_fill_(hidden(value.size(-2), value.size(-1), window, value.options()),
                           -std::numeric_limits<double>::infinity());
    });
}

ct_status ct_cross_entropy(ct_tensor *out, ct_tensor logits, ct_tensor targets) {
    return produce(out, [&] {
        if (second::takes(logits->value)) return second::cross_entropy(logits->value, targets->value);
        return at::cross_entropy_loss(logits->value, targets->value, {}, at::Reduction::None);
    });
}
