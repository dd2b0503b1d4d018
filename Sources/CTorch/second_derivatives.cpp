// Norms and cross entropy with first and second derivatives; attention has a file of its own.
//
// Below, g is what comes back from above to a layer's value. Its first derivative hands on dx = g . J. Differentiated
// again, cotangents a of dx come in; by symmetry a . dx is g . (the layer's change when its inputs change by a), which is
// what the second functions differentiate.
#include "second_derivatives.hpp"

#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include "guard.hpp"
#include "include/ct_autograd.h"
#include "parallel.hpp"

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

thread_local bool recorded = false;

/// Sums of eight kinds, element i to kind i mod 8: the compiler makes them one vector, and the order is fixed.
template <class T, class Term>
T sum(int64_t count, Term &&term) {
    T lanes[8] = {};
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (int64_t l = 0; l < 8; l++) lanes[l] += term(i + l);
    }
    for (int64_t l = 0; i < count; i++, l++) lanes[l] += term(i);
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

/// Rows in blocks, in parallel. Blocks do not depend on the number of threads, so that sums over them do not either.
constexpr int64_t rows_a_block = 64;

int64_t blocks(int64_t rows) { return (rows + rows_a_block - 1) / rows_a_block; }

template <class Body>
void over_blocks(int64_t rows, Body &&body) {
    ct::over_threads(blocks(rows), 1, [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; block++) {
            body(block, block * rows_a_block, std::min(rows, (block + 1) * rows_a_block));
        }
    });
}

// ---- Norms -------------------------------------------------------------------------------------------------------
//
// y = w n + b with n = (x - mean x) r, r = 1 / sqrt(mean (x - mean x)^2 + epsilon). dn/dx is symmetric:
// J a = r (a - mean a - n mean(a n)), without mean a where the norm is not centred.

/// What the derivatives of a norm read.
struct NormRows {
    Tensor normalized;  // [rows, width]
    Tensor rates;       // r, [rows]
    bool centred;

    int64_t rows() const { return normalized.size(0); }
    int64_t width() const { return normalized.size(1); }
};

/// Gradients of x, w and b for g.
variable_list norm_first(const NormRows &norm, const Tensor &g, const Tensor &weight) {
    int64_t rows = norm.rows(), width = norm.width();
    auto from = g.reshape({rows, width}).contiguous(), gain = weight.contiguous();
    auto dx = at::empty_like(from);
    auto dw = at::zeros({blocks(rows), width}, from.options()), db = at::zeros_like(dw);
    AT_DISPATCH_FLOATING_TYPES(from.scalar_type(), "norm_first", [&] {
        using T = scalar_t;
        const T *gs = from.const_data_ptr<T>(), *ns = norm.normalized.const_data_ptr<T>();
        const T *w = gain.const_data_ptr<T>(), *rs = norm.rates.const_data_ptr<T>();
        T *out = dx.data_ptr<T>(), *dws = dw.data_ptr<T>(), *dbs = db.data_ptr<T>();
        over_blocks(rows, [&](int64_t block, int64_t first, int64_t last) {
            for (int64_t row = first; row < last; row++) {
                const T *gr = gs + row * width, *n = ns + row * width;
                T *o = out + row * width, *dwr = dws + block * width, *dbr = dbs + block * width;
                T along = sum<T>(width, [&](int64_t i) { return gr[i] * w[i] * n[i]; }) / width;
                T mean = norm.centred ? sum<T>(width, [&](int64_t i) { return gr[i] * w[i]; }) / width : 0;
                for (int64_t i = 0; i < width; i++) {
                    o[i] = rs[row] * (gr[i] * w[i] - mean - n[i] * along);
                    dwr[i] += gr[i] * n[i];
                    dbr[i] += gr[i];
                }
            }
        });
    });
    return {dx.view(g.sizes()), dw.sum(0), db.sum(0)};
}

/// Gradients of g, x and w for cotangents of the gradients of x, w and b: of
/// g . (cw n + w J cx + cb).
variable_list norm_second(const NormRows &norm, const Tensor &g, const Tensor &weight, const Tensor &cx,
                          const Tensor &cw, const Tensor &cb) {
    int64_t rows = norm.rows(), width = norm.width();
    auto from = g.reshape({rows, width}).contiguous(), gain = weight.contiguous();
    auto change = cx.reshape({rows, width}).contiguous(), gain_change = cw.contiguous(), bias_change = cb.contiguous();
    auto dg = at::empty_like(from), dx = at::empty_like(from);
    auto dw = at::zeros({blocks(rows), width}, from.options());
    AT_DISPATCH_FLOATING_TYPES(from.scalar_type(), "norm_second", [&] {
        using T = scalar_t;
        const T *gs = from.const_data_ptr<T>(), *ns = norm.normalized.const_data_ptr<T>();
        const T *as = change.const_data_ptr<T>(), *rs = norm.rates.const_data_ptr<T>();
        const T *w = gain.const_data_ptr<T>(), *cws = gain_change.const_data_ptr<T>();
        const T *cbs = bias_change.const_data_ptr<T>();
        T *dgs = dg.data_ptr<T>(), *dxs = dx.data_ptr<T>(), *dws = dw.data_ptr<T>();
        over_blocks(rows, [&](int64_t block, int64_t first, int64_t last) {
            for (int64_t row = first; row < last; row++) {
                const T *gr = gs + row * width, *n = ns + row * width, *a = as + row * width;
                T *dgr = dgs + row * width, *dxr = dxs + row * width, *dwr = dws + block * width;
                T r = rs[row];
                auto h = [&](int64_t i) { return gr[i] * w[i]; };
                auto u = [&](int64_t i) { return gr[i] * cws[i]; };
                auto mean = [&](auto &&term) { return sum<T>(width, term) / width; };
                T an = mean([&](int64_t i) { return a[i] * n[i]; }), hn = mean([&](int64_t i) { return h(i) * n[i]; });
                T un = mean([&](int64_t i) { return u(i) * n[i]; }), ha = mean([&](int64_t i) { return h(i) * a[i]; });
                T am = 0, hm = 0, um = 0;
                if (norm.centred) {
                    am = mean([&](int64_t i) { return a[i]; });
                    hm = mean(h);
                    um = mean(u);
                }
                // h . J a is width r s; r falls by r^2 n / width, mean(a n) rises by J a / width.
                T s = ha - hm * am - hn * an;
                for (int64_t i = 0; i < width; i++) {
                    T ja = r * (a[i] - am - n[i] * an), jh = r * (h(i) - hm - n[i] * hn);
                    T ju = r * (u(i) - um - n[i] * un);
                    dgr[i] = cws[i] * n[i] + w[i] * ja + cbs[i];
                    dxr[i] = ju - r * r * n[i] * s - r * (an * jh + hn * ja);
                    dwr[i] += gr[i] * ja;
                }
            }
        });
    });
    return {dg.view(g.sizes()), dx.view(g.sizes()), dw.sum(0)};
}

struct NormGradient : Function<NormGradient> {
    /// `x` is here for the graph; its values are in `normalized`.
    static variable_list forward(AutogradContext *context, const Tensor &g, const Tensor &x, const Tensor &weight,
                                 const Tensor &normalized, const Tensor &rates, bool centred) {
        context->save_for_backward({g, weight, normalized, rates});
        context->saved_data["centred"] = centred;
        return norm_first({normalized, rates, centred}, g, weight);
    }

    static variable_list backward(AutogradContext *context, variable_list cotangents) {
        TORCH_CHECK(!c10::GradMode::is_enabled(), "norms have no third derivative");
        auto saved = context->get_saved_variables();
        NormRows norm{saved[2], saved[3], context->saved_data["centred"].toBool()};
        auto out = norm_second(norm, saved[0], saved[1], cotangents[0], cotangents[1], cotangents[2]);
        return {out[0], out[1], out[2], Tensor(), Tensor(), Tensor()};
    }
};

struct Norm : Function<Norm> {
    static Tensor forward(AutogradContext *context, const Tensor &x, const Tensor &weight, const Tensor &bias,
                          double epsilon, bool centred) {
        int64_t width = x.size(-1);
        auto rows = x.reshape({-1, width});
        if (centred) rows = rows - rows.mean(1, true);
        auto rates = (rows.square().mean(1) + epsilon).rsqrt();
        auto normalized = (rows * rates.unsqueeze(1)).contiguous();
        context->save_for_backward({x, weight, normalized, rates});
        context->saved_data["centred"] = centred;
        return at::addcmul(bias, normalized, weight).view(x.sizes());
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        bool centred = context->saved_data["centred"].toBool();
        auto out = NormGradient::apply(gradients[0], saved[0], saved[1], saved[2], saved[3], centred);
        return {out[0], out[1], out[2], Tensor(), Tensor()};
    }
};

// ---- Cross entropy -----------------------------------------------------------------------------------------------
//
// One row of logits l with target t: p = softmax l, dl = g (p - e_t).

struct CrossEntropyGradient : Function<CrossEntropyGradient> {
    /// `logits` are here for the graph; their values are in `p`.
    static Tensor forward(AutogradContext *context, const Tensor &g, const Tensor &logits, const Tensor &targets,
                          const Tensor &p) {
        context->save_for_backward({g, targets, p});
        auto from = g.unsqueeze(1);
        return (p * from).scatter_add_(1, targets.unsqueeze(1), -from);
    }

    /// Gradients of g and l for a cotangent a of dl: of g (a . p - a_t).
    static variable_list backward(AutogradContext *context, variable_list cotangents) {
        TORCH_CHECK(!c10::GradMode::is_enabled(), "cross entropy has no third derivative");
        auto saved = context->get_saved_variables();
        auto g = saved[0].contiguous(), targets = saved[1].contiguous(), p = saved[2];
        auto change = cotangents[0].contiguous();
        auto dg = at::empty_like(g), dl = at::empty_like(p);
        int64_t rows = p.size(0), classes = p.size(1);
        AT_DISPATCH_FLOATING_TYPES(p.scalar_type(), "cross_entropy_second", [&] {
            using T = scalar_t;
            const T *ps = p.const_data_ptr<T>(), *as = change.const_data_ptr<T>(), *gs = g.const_data_ptr<T>();
            const int64_t *ts = targets.const_data_ptr<int64_t>();
            T *dgs = dg.data_ptr<T>(), *dls = dl.data_ptr<T>();
            over_blocks(rows, [&](int64_t, int64_t first, int64_t last) {
                for (int64_t row = first; row < last; row++) {
                    const T *pr = ps + row * classes, *a = as + row * classes;
                    T *out = dls + row * classes;
                    T mean = sum<T>(classes, [&](int64_t i) { return a[i] * pr[i]; });
                    dgs[row] = mean - a[ts[row]];
                    for (int64_t i = 0; i < classes; i++) out[i] = gs[row] * pr[i] * (a[i] - mean);
                }
            });
        });
        return {dg, dl, Tensor(), Tensor()};
    }
};

struct CrossEntropy : Function<CrossEntropy> {
    static Tensor forward(AutogradContext *context, const Tensor &logits, const Tensor &targets) {
        auto logarithms = at::log_softmax(logits, 1);
        context->save_for_backward({logits, targets, logarithms.exp()});
        return -logarithms.gather(1, targets.unsqueeze(1)).squeeze(1);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        return {CrossEntropyGradient::apply(gradients[0], saved[0], saved[1], saved[2]), Tensor()};
    }
};

}  // namespace

bool ct::second::is_recorded() { return recorded && c10::GradMode::is_enabled(); }

bool ct::second::takes(const Tensor &x) {
    bool known = x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble;
    return is_recorded() && x.is_cpu() && x.numel() > 0 && known;
}

Tensor ct::second::norm(const Tensor &x, const std::optional<Tensor> &weight, const std::optional<Tensor> &bias,
                        double epsilon, bool centred) {
    auto width = x.sizes().slice(x.dim() - 1);
    return Norm::apply(x, weight ? *weight : at::ones(width, x.options()),
                       bias ? *bias : at::zeros(width, x.options()), epsilon, centred);
}

Tensor ct::second::cross_entropy(const Tensor &logits, const Tensor &targets) {
    return CrossEntropy::apply(logits, targets);
}

ct_status ct_second_derivatives(bool *out) {
    return ct::guard([&] { *out = recorded; });
}

ct_status ct_set_second_derivatives(bool enabled) {
    return ct::guard([&] { recorded = enabled; });
}
