// Attention, norms and cross entropy with first and second derivatives.
//
// Below, g is what comes back from above to a layer's value. Its first derivative hands on dx = g . J. Differentiated again,
// cotangents a of dx come in; by symmetry a . dx is g . (the layer's change when its inputs change by a), which is what the
// second functions differentiate.
#include "second_derivatives.hpp"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <limits>
#include <vector>

#include "guard.hpp"
#include "include/ct_autograd.h"
#include "onednn.hpp"

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
    at::parallel_for(0, blocks(rows), 1, [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; block++) {
            body(block, block * rows_a_block, std::min(rows, (block + 1) * rows_a_block));
        }
    });
}

// ---- Linear maps -------------------------------------------------------------------------------------------------
//
// y = x W^T + b: dx = g W, dW = g^T x, db = the rows of g summed; all through oneDNN, which is about twice as fast as libtorch's
// default.

/// a b for matrices [n, k] and [k, m].
Tensor product(const Tensor &a, const Tensor &b) { return ct::onednn_linear(a, b.mT(), std::nullopt); }

/// a^T b for tall matrices [n, k] and [n, m].
Tensor gram(const Tensor &a, const Tensor &b) { return ct::onednn_linear(a.mT(), b.mT(), std::nullopt); }

struct LinearGradient : Function<LinearGradient> {
    static variable_list forward(AutogradContext *context, const Tensor &g, const Tensor &x, const Tensor &weight) {
        context->save_for_backward({g, x, weight});
        return {product(g, weight), gram(g, x), g.sum(0)};
    }

    /// Gradients of g, x and W for cotangents of the gradients of x, W and b: of
    /// g . (cx W^T + x cW^T + cb).
    static variable_list backward(AutogradContext *context, variable_list cotangents) {
        TORCH_CHECK(!c10::GradMode::is_enabled(), "linear maps have no third derivative");
        auto saved = context->get_saved_variables();
        auto &g = saved[0], &x = saved[1], &weight = saved[2];
        auto &cx = cotangents[0], &cw = cotangents[1], &cb = cotangents[2];
        auto dg = ct::onednn_linear(at::cat({cx, x}, 1), at::cat({weight, cw}, 1), cb.contiguous());
        return {dg, product(g, cw), gram(g, cx)};
    }
};

/// x [n, in].
struct LinearMap : Function<LinearMap> {
    static Tensor forward(AutogradContext *context, const Tensor &x, const Tensor &weight,
                          const std::optional<Tensor> &bias) {
        context->save_for_backward({x, weight});
        context->saved_data["bias"] = bias.has_value();
        return ct::onednn_linear(x, weight, bias);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        auto out = LinearGradient::apply(gradients[0].contiguous(), saved[0], saved[1]);
        return {out[0], out[1], context->saved_data["bias"].toBool() ? out[2] : Tensor()};
    }
};

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

// ---- Attention ---------------------------------------------------------------------------------------------------
//
// S = scale q k^T, P = softmax of its causal part, z = P v. For g: dP = g v^T, D = rows of P dP summed,
// dS = P (dP - D), dq = scale dS k, dk = scale dS^T q, dv = P^T g. One head at a time, whose matrices stay in the cache.
// Products leave out what the causal mask makes zero, half of it all.

/// [batch, head, position, width] as [batch head, position, width], without gaps.
Tensor heads(const Tensor &x) { return x.reshape({-1, x.size(2), x.size(3)}).contiguous(); }

/// The processor's widest vectors, whatever the rest of the program is built for.
#if defined(__x86_64__) && defined(__linux__)
#define CT_WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CT_WIDEST
#endif
#define CT_INLINE __attribute__((always_inline)) inline

/// Numbers of 64 bytes: one register or a few, whatever there is.
template <class T>
struct Wide {
    typedef T type __attribute__((vector_size(64)));
    static constexpr int64_t count = 64 / sizeof(T);
};

/// Reads a V from anywhere. Not as a result: without wide registers that would be another way to call.
template <class V, class T>
CT_INLINE void load(V &value, const T *from) {
    __builtin_memcpy(&value, from, sizeof(V));
}

/// out[r] (+)= factor * sum over k of a(r, k) b[k], for `rows` rows of columns that are one V, held in registers; a(r, k) is
/// a[r row + k step].
template <int rows, class V, class T>
CT_INLINE void tile(T *out, int64_t stride, const T *a, int64_t row, int64_t step, const T *b, int64_t width,
                    int64_t first, int64_t last, T factor, bool adds) {
    V sums[rows] = {};
#pragma clang loop vectorize(disable)
    for (int64_t k = first; k < last; k++) {
        V line;
        load(line, b + k * width);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) sums[r] += a[r * row + k * step] * line;
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
        V value = factor * sums[r];
        if (adds) {
            V before;
            load(before, out + r * stride);
            value += before;
        }
        __builtin_memcpy(out + r * stride, &value, sizeof(V));
    }
}

/// sum of a[i] b[i]
template <class T>
CT_INLINE T dot(const T *a, const T *b, int64_t count) {
    using V = typename Wide<T>::type;
    V lanes = {};
    int64_t i = 0;
    for (; i + Wide<T>::count <= count; i += Wide<T>::count) {
        V x, y;
        load(x, a + i);
        load(y, b + i);
        lanes += x * y;
    }
    T result = 0;
    for (int64_t l = 0; l < Wide<T>::count; l++) result += lanes[l];
    for (; i < count; i++) result += a[i] * b[i];
    return result;
}

/// From `first` to before `last`.
struct Span {
    int64_t first, last;
};

/// `tile` over all of out [count, width]; `range(first row, rows)` says which k count.
template <class T, class Range>
CT_INLINE void multiply(T *out, int64_t count, int64_t width, const T *a, int64_t row, int64_t step, const T *b, T factor,
                        bool adds, Range &&range) {
    using V = typename Wide<T>::type;
    constexpr int rows = 8;
    constexpr int64_t columns = Wide<T>::count;
    int64_t r = 0;
    for (; r + rows <= count; r += rows) {
        auto [first, last] = range(r, rows);
        int64_t c = 0;
        for (; c + columns <= width; c += columns) {
            tile<rows, V>(out + r * width + c, width, a + r * row, row, step, b + c, width, first, last, factor, adds);
        }
        for (; c < width; c++) {
            tile<rows, T>(out + r * width + c, width, a + r * row, row, step, b + c, width, first, last, factor, adds);
        }
    }
    for (; r < count; r++) {
        auto [first, last] = range(r, 1);
        for (int64_t c = 0; c < width; c++) {
            tile<1, T>(out + r * width + c, width, a + r * row, row, step, b + c, width, first, last, factor, adds);
        }
    }
}

/// One head: everything is [positions, width] or, for patterns, [positions, positions], row by row.
struct Size {
    int64_t positions, width;
};

/// out (+)= factor * pattern x
template <class T>
CT_INLINE void weigh(T *out, const T *pattern, const T *x, Size size, T factor, bool adds) {
    int64_t n = size.positions;
    multiply(out, n, size.width, pattern, n, int64_t(1), x, factor, adds,
             [](int64_t r, int64_t rows) { return Span{0, r + rows}; });
}

/// out (+)= factor * pattern^T x
template <class T>
CT_INLINE void weigh_back(T *out, const T *pattern, const T *x, Size size, T factor, bool adds) {
    int64_t n = size.positions;
    multiply(out, n, size.width, pattern, int64_t(1), n, x, factor, adds,
             [n](int64_t r, int64_t) { return Span{r, n}; });
}

/// out (+)= factor * x y^T in and below the diagonal, and in some places above it. `turned` is room for y^T.
template <class T>
CT_INLINE void pair_up(T *out, const T *x, const T *y, T *turned, Size size, T factor, bool adds) {
    using V = typename Wide<T>::type;
    constexpr int rows = 8;
    constexpr int64_t columns = Wide<T>::count;
    int64_t n = size.positions, width = size.width;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t c = 0; c < width; c++) turned[c * n + i] = y[i * width + c];
    }
    int64_t r = 0;
    for (; r + rows <= n; r += rows) {
        int64_t c = 0;
        for (; c < r + rows && c + columns <= n; c += columns) {
            tile<rows, V>(out + r * n + c, n, x + r * width, width, int64_t(1), turned + c, n, 0, width, factor, adds);
        }
        for (; c < r + rows; c++) {
            tile<rows, T>(out + r * n + c, n, x + r * width, width, int64_t(1), turned + c, n, 0, width, factor, adds);
        }
    }
    for (; r < n; r++) {
        for (int64_t c = 0; c <= r; c++) {
            tile<1, T>(out + r * n + c, n, x + r * width, width, int64_t(1), turned + c, n, 0, width, factor, adds);
        }
    }
}

/// Sets what lies above the diagonal of a pattern to zero.
template <class T>
CT_INLINE void clear_future(T *pattern, int64_t positions) {
    for (int64_t i = 0; i < positions; i++) {
        for (int64_t j = i + 1; j < positions; j++) pattern[i * positions + j] = 0;
    }
}

/// What the first derivative of one head reads and writes.
template <class T>
struct First {
    const T *g, *q, *k, *v, *pattern;
    T *dq, *dk, *dv;
    /// dP, to be kept.
    T *change;
    /// Room: a pattern, and q turned.
    T *ds, *turned;
    Size size;
    T scale;
};

template <class T>
CT_INLINE void first_of_head(const First<T> &head) {
    int64_t n = head.size.positions;
    pair_up(head.change, head.g, head.v, head.turned, head.size, T(1), false);
    clear_future(head.ds, n);
    for (int64_t i = 0; i < n; i++) {
        const T *p = head.pattern + i * n, *d = head.change + i * n;
        T *__restrict s = head.ds + i * n;
        T mean = dot(p, d, i + 1);
        for (int64_t j = 0; j <= i; j++) s[j] = p[j] * (d[j] - mean);
    }
    weigh_back(head.dv, head.pattern, head.g, head.size, T(1), false);
    weigh(head.dq, head.ds, head.k, head.size, head.scale, false);
    weigh_back(head.dk, head.ds, head.q, head.size, head.scale, false);
}

CT_WIDEST void first_of_head_float(const First<float> &head) { first_of_head(head); }
CT_WIDEST void first_of_head_double(const First<double> &head) { first_of_head(head); }

/// What the second derivative of one head reads and writes.
template <class T>
struct Second {
    const T *g, *q, *k, *v, *pattern, *change, *cq, *ck, *cv;
    T *dg, *dq, *dk, *dv;
    /// Room: three patterns, and q turned.
    T *moved, *back, *ds, *turned;
    Size size;
    T scale;
};

/// The derivatives of g . z', where z' is how z changes when q, k and v change by the cotangents:
/// S' = scale (cq k^T + q ck^T), P' = P (S' - rows of P S' summed), z' = P' v + P cv.
template <class T>
CT_INLINE void second_of_head(const Second<T> &head) {
    int64_t n = head.size.positions;
    // S', which becomes P'.
    pair_up(head.moved, head.cq, head.k, head.turned, head.size, head.scale, false);
    pair_up(head.moved, head.q, head.ck, head.turned, head.size, head.scale, true);
    // What P gets from P cv, which becomes what S gets.
    pair_up(head.back, head.g, head.cv, head.turned, head.size, T(1), false);
    clear_future(head.moved, n);
    clear_future(head.back, n);
    clear_future(head.ds, n);
    for (int64_t i = 0; i < n; i++) {
        const T *p = head.pattern + i * n, *d = head.change + i * n;
        T *__restrict m = head.moved + i * n, *__restrict b = head.back + i * n, *__restrict s = head.ds + i * n;
        T m_mean = dot(p, m, i + 1);
        T d_mean = dot(p, d, i + 1);
        for (int64_t j = 0; j <= i; j++) b[j] += d[j] * (m[j] - m_mean) - d_mean * m[j];
        T b_mean = dot(p, b, i + 1);
        for (int64_t j = 0; j <= i; j++) {
            b[j] = p[j] * (b[j] - b_mean);
            s[j] = p[j] * (d[j] - d_mean);
            m[j] = p[j] * (m[j] - m_mean);
        }
    }
    weigh(head.dg, head.moved, head.v, head.size, T(1), false);
    weigh(head.dg, head.pattern, head.cv, head.size, T(1), true);
    weigh_back(head.dv, head.moved, head.g, head.size, T(1), false);
    weigh(head.dq, head.back, head.k, head.size, head.scale, false);
    weigh(head.dq, head.ds, head.ck, head.size, head.scale, true);
    weigh_back(head.dk, head.back, head.q, head.size, head.scale, false);
    weigh_back(head.dk, head.ds, head.cq, head.size, head.scale, true);
}

CT_WIDEST void second_of_head_float(const Second<float> &head) { second_of_head(head); }
CT_WIDEST void second_of_head_double(const Second<double> &head) { second_of_head(head); }

void of_head(const First<float> &head) { first_of_head_float(head); }
void of_head(const First<double> &head) { first_of_head_double(head); }
void of_head(const Second<float> &head) { second_of_head_float(head); }
void of_head(const Second<double> &head) { second_of_head_double(head); }

/// `body(head, room)` for every head, in parallel, with room for `patterns` patterns and q turned.
template <class T, class Body>
void over_heads(const Tensor &q, int64_t patterns, Body &&body) {
    int64_t positions = q.size(1), room = positions * (patterns * positions + q.size(2));
    at::parallel_for(0, q.size(0), 1, [&](int64_t begin, int64_t end) {
        std::vector<T> scratch(room);
        for (int64_t head = begin; head < end; head++) body(head, scratch.data());
    });
}

/// Gradients of q, k and v for g, all [n, position, width]; dP is left in `change`, where that is there.
variable_list attention_first(const Tensor &g, const Tensor &q, const Tensor &k, const Tensor &v,
                              const Tensor &pattern, double scale, const Tensor &change = Tensor()) {
    auto dq = at::empty_like(q), dk = at::empty_like(k), dv = at::empty_like(v);
    Size size{q.size(1), q.size(2)};
    int64_t vectors = size.positions * size.width, square = size.positions * size.positions;
    AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention_first", [&] {
        using T = scalar_t;
        First<T> all{g.const_data_ptr<T>(), q.const_data_ptr<T>(), k.const_data_ptr<T>(), v.const_data_ptr<T>(),
                     pattern.const_data_ptr<T>(), dq.data_ptr<T>(), dk.data_ptr<T>(), dv.data_ptr<T>(),
                     change.defined() ? change.data_ptr<T>() : nullptr, nullptr, nullptr, size, T(scale)};
        over_heads<T>(q, 2, [&](int64_t i, T *room) {
            auto head = all;
            for (auto *x : {&head.g, &head.q, &head.k, &head.v}) *x += i * vectors;
            for (auto *x : {&head.dq, &head.dk, &head.dv}) *x += i * vectors;
            head.pattern += i * square;
            head.change = head.change ? head.change + i * square : room;
            head.ds = room + square;
            head.turned = room + 2 * square;
            of_head(head);
        });
    });
    return {dq, dk, dv};
}

/// Gradients of g, q, k and v for cotangents cq, ck, cv of the gradients of q, k and v.
variable_list attention_second(const Tensor &g, const Tensor &q, const Tensor &k, const Tensor &v,
                               const Tensor &pattern, const Tensor &change, double scale, const Tensor &cq,
                               const Tensor &ck, const Tensor &cv) {
    auto dg = at::empty_like(g), dq = at::empty_like(q), dk = at::empty_like(k), dv = at::empty_like(v);
    Size size{q.size(1), q.size(2)};
    int64_t vectors = size.positions * size.width, square = size.positions * size.positions;
    AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention_second", [&] {
        using T = scalar_t;
        Second<T> all{g.const_data_ptr<T>(), q.const_data_ptr<T>(), k.const_data_ptr<T>(), v.const_data_ptr<T>(),
                      pattern.const_data_ptr<T>(), change.const_data_ptr<T>(), cq.const_data_ptr<T>(),
                      ck.const_data_ptr<T>(), cv.const_data_ptr<T>(), dg.data_ptr<T>(), dq.data_ptr<T>(),
                      dk.data_ptr<T>(), dv.data_ptr<T>(), nullptr, nullptr, nullptr, nullptr, size, T(scale)};
        over_heads<T>(q, 3, [&](int64_t i, T *room) {
            auto head = all;
            for (auto *x : {&head.g, &head.q, &head.k, &head.v, &head.cq, &head.ck, &head.cv}) *x += i * vectors;
            for (auto *x : {&head.dg, &head.dq, &head.dk, &head.dv}) *x += i * vectors;
            head.pattern += i * square;
            head.change += i * square;
            head.moved = room;
            head.back = room + square;
            head.ds = room + 2 * square;
            head.turned = room + 3 * square;
            of_head(head);
        });
    });
    return {dg, dq, dk, dv};
}

struct AttentionGradient : Function<AttentionGradient> {
    static variable_list forward(AutogradContext *context, const Tensor &g, const Tensor &q, const Tensor &k,
                                 const Tensor &v, const Tensor &pattern, double scale) {
        auto change = at::empty_like(pattern);
        context->save_for_backward({g, q, k, v, pattern, change});
        context->saved_data["scale"] = scale;
        return attention_first(g.contiguous(), q, k, v, pattern, scale, change);
    }

    static variable_list backward(AutogradContext *context, variable_list cotangents) {
        TORCH_CHECK(!c10::GradMode::is_enabled(), "attention has no third derivative");
        auto saved = context->get_saved_variables();
        auto out = attention_second(saved[0].contiguous(), saved[1], saved[2], saved[3], saved[4], saved[5],
                                    context->saved_data["scale"].toDouble(), cotangents[0].contiguous(),
                                    cotangents[1].contiguous(), cotangents[2].contiguous());
        return {out[0], out[1], out[2], out[3], Tensor(), Tensor()};
    }
};

/// q, k, v [n, position, width], without gaps.
struct Attention : Function<Attention> {
    static Tensor forward(AutogradContext *context, const Tensor &q, const Tensor &k, const Tensor &v, double scale) {
        int64_t positions = q.size(1);
        auto hidden = at::ones({positions, positions}, q.options().dtype(at::kBool)).triu_(1);
        auto pattern = at::bmm(q * scale, k.mT())
                           .masked_fill_(hidden, -std::numeric_limits<double>::infinity())
                           .softmax(2);
        context->save_for_backward({q, k, v, pattern});
        context->saved_data["scale"] = scale;
        return at::bmm(pattern, v);
    }

    static variable_list backward(AutogradContext *context, variable_list gradients) {
        auto saved = context->get_saved_variables();
        double scale = context->saved_data["scale"].toDouble();
        variable_list out;
        if (c10::GradMode::is_enabled()) {
            out = AttentionGradient::apply(gradients[0], saved[0], saved[1], saved[2], saved[3], scale);
        } else {
            out = attention_first(gradients[0].contiguous(), saved[0], saved[1], saved[2], saved[3], scale);
        }
        return {out[0], out[1], out[2], Tensor()};
    }
};

}  // namespace

bool ct::second::is_recorded() { return recorded && c10::GradMode::is_enabled(); }

bool ct::second::takes(const Tensor &x) {
    return is_recorded() && x.is_cpu() && x.numel() > 0 && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble);
}

Tensor ct::second::linear(const Tensor &x, const Tensor &weight, const std::optional<Tensor> &bias) {
    auto shape = x.sizes().vec();
    shape.back() = weight.size(0);
    return LinearMap::apply(x.reshape({-1, x.size(-1)}), weight, bias).view(shape);
}

Tensor ct::second::attention(const Tensor &q, const Tensor &k, const Tensor &v, double scale) {
    return Attention::apply(heads(q), heads(k), heads(v), scale)
        .view({q.size(0), q.size(1), q.size(2), v.size(3)});
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
