// Random numbers.
#include "include/ct_random.h"

#include "guard.hpp"

using namespace ct;

namespace {

at::TensorOptions options_of(ct_generator generator, ct_dtype dtype) {
    return at::TensorOptions().dtype(scalar_type(dtype)).device(generator->value.device());
}

}  // namespace

ct_status ct_generator_new(ct_generator *out, uint64_t seed, ct_device where) {
    return guard([&] {
        auto generator = at::globalContext().defaultGenerator(device(where)).clone();
        generator.set_current_seed(seed);
        *out = new ct_generator_s{std::move(generator)};
    });
}

void ct_generator_free(ct_generator generator) { delete generator; }

ct_status ct_generator_state(ct_tensor *out, ct_generator generator) {
    return produce(out, [&] { return generator->value.get_state(); });
}

ct_status ct_generator_set_state(ct_generator generator, ct_tensor state) {
    return guard([&] { generator->value.set_state(state->value); });
}

ct_status ct_uniform(ct_tensor *out, const int64_t *shape, size_t rank, ct_generator generator, ct_dtype dtype) {
    return produce(out, [&] { return at::rand(list(shape, rank), generator->value, options_of(generator, dtype)); });
}

ct_status ct_normal(ct_tensor *out, const int64_t *shape, size_t rank, ct_generator generator, ct_dtype dtype) {
    return produce(out, [&] { return at::randn(list(shape, rank), generator->value, options_of(generator, dtype)); });
}

ct_status ct_integers(ct_tensor *out, int64_t low, int64_t high, const int64_t *shape, size_t rank,
                      ct_generator generator) {
    return produce(out, [&] {
        return at::randint(low, high, list(shape, rank), generator->value, options_of(generator, CT_INT64));
    });
}

ct_status ct_permutation(ct_tensor *out, int64_t count, ct_generator generator) {
    return produce(out, [&] { return at::randperm(count, generator->value, options_of(generator, CT_INT64)); });
}
