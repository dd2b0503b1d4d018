// Causal attention with first and second derivatives (`second_derivatives.cpp` says what the second one is of).
//
// S = scale q k^T, P = softmax of its causal part, z = P v. For g: dP = g v^T, D = rows of P dP summed,
// dS = P (dP - D), dq = scale dS k, dk = scale dS^T q, dv = P^T g. One head at a time, so that its matrices stay in the
// cache. Products leave out what the causal mask makes zero, half of it all; for matrices this small a library's are slower.
#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <limits>
#include <vector>

#include "parallel.hpp"
#include "second_derivatives.hpp"

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

namespace {

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

/// out[r] (+)= factor * sum over k of a(r, k) b[k], for `rows` rows of columns that are one V, held in registers;
/// a(r, k) is a[r row + k step].
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
CT_INLINE void multiply(T *out, int64_t count, int64_t width, const T *a, int64_t row, int64_t step, const T *b,
                        T factor, bool adds, Range &&range) {
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
    ct::over_threads(q.size(0), 1, [&](int64_t begin, int64_t end) {
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

Tensor ct::second::attention(const Tensor &q, const Tensor &k, const Tensor &v, double scale) {
    return Attention::apply(heads(q), heads(k), heads(v), scale)
        .view({q.size(0), q.size(1), q.size(2), v.size(3)});
}
