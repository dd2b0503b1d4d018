// Random numbers from explicit generators; the shim never touches a global one.
#pragma once

#include "ct_tensor.h"

CT_BEGIN

typedef struct ct_generator_s *ct_generator;

ct_status ct_generator_new(ct_generator *out, uint64_t seed, ct_device device);
void ct_generator_free(ct_generator generator);
/// The whole state as a uint8 tensor, to be put back with `ct_generator_set_state`.
ct_status ct_generator_state(ct_tensor *out, ct_generator generator);
ct_status ct_generator_set_state(ct_generator generator, ct_tensor state);

ct_status ct_uniform(ct_tensor *out, const int64_t *shape, size_t rank, ct_generator generator, ct_dtype dtype);
ct_status ct_normal(ct_tensor *out, const int64_t *shape, size_t rank, ct_generator generator, ct_dtype dtype);
/// Integers in low..<high, int64.
ct_status ct_integers(ct_tensor *out, int64_t low, int64_t high, const int64_t *shape, size_t rank, ct_generator generator);
ct_status ct_permutation(ct_tensor *out, int64_t count, ct_generator generator);

CT_END
