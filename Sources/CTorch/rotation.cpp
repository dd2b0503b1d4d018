// Rotary position embedding, in one pass over what it turns.
#include <ATen/TensorIterator.h>
#include <c10/core/GradMode.h>

#include <algorithm>

#include "guard.hpp"
#include "include/ct_ops.h"

using namespace ct;

namespace {

/// The two halves of the pairs of x [..., n], each [..., n / 2].
std::pair<at::Tensor, at::Tensor> pairs(const at::Tensor &x, bool neighbours) {
    int64_t count = x.size(-1);
    if (neighbours) return {x.slice(-1, 0, count, 2), x.slice(-1, 1, count, 2)};
    return {x.slice(-1, 0, count / 2), x.slice(-1, count / 2, count)};
}

/// (a, b) to (a c - b s, b c + a s), element by element.
void turn(float *a, float *b, const float *c, const float *s, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        float x = a[i], y = b[i];
        a[i] = x * c[i] - y * s[i];
        b[i] = y * c[i] + x * s[i];
    }
}

/// Turns pairs where they are: each element is read and written once.
void turn(const at::Tensor &first, const at::Tensor &second, const at::Tensor &cosines, const at::Tensor &sines) {
    auto iterator = at::TensorIteratorConfig()
                        .set_check_mem_overlap(false)
                        .resize_outputs(false)
                        .add_output(first)
                        .add_output(second)
                        .add_const_input(cosines)
                        .add_const_input(sines)
                        .build();
    iterator.for_each([](char **data, const int64_t *strides, int64_t inner, int64_t outer) {
        for (int64_t row = 0; row < outer; row++) {
            char *a = data[0] + row * strides[4], *b = data[1] + row * strides[5];
            const char *c = data[2] + row * strides[6], *s = data[3] + row * strides[7];
            bool dense = std::all_of(strides, strides + 4, [](int64_t stride) { return stride == sizeof(float); });
            // Without steps in between the compiler turns several at once.
            for (int64_t i = 0; i < inner; i += dense ? inner : 1) {
                turn(reinterpret_cast<float *>(a + i * strides[0]), reinterpret_cast<float *>(b + i * strides[1]),
                     reinterpret_cast<const float *>(c + i * strides[2]),
                     reinterpret_cast<const float *>(s + i * strides[3]), dense ? inner : 1);
            }
        }
    });
}

}  // namespace

ct_status ct_rotate(ct_tensor *out, ct_tensor x, ct_tensor cosines, ct_tensor sines, bool neighbours, bool overwrite) {
    return produce(out, [&]() -> at::Tensor {
        const at::Tensor &value = x->value;
        int64_t count = 2 * cosines->value.size(-1);
        auto [first, second] = pairs(value.slice(-1, 0, count), neighbours);
        const at::Tensor &cosine = cosines->value, &sine = sines->value;
        bool recorded = c10::GradMode::is_enabled() && value.requires_grad();
        if (!recorded && value.is_cpu() && value.scalar_type() == at::kFloat) {
            auto turned = overwrite ? value : value.clone();
            auto [a, b] = pairs(turned.slice(-1, 0, count), neighbours);
            turn(a, b, cosine.expand(a.sizes()), sine.expand(a.sizes()));
            return turned;
        }
        auto a = first * cosine - second * sine, b = second * cosine + first * sine;
        auto turned = neighbours ? at::stack({a, b}, -1).flatten(-2) : at::cat({a, b}, -1);
        return count < value.size(-1) ? at::cat({turned, value.slice(-1, count)}, -1) : turned;
    });
}
