// Linear algebra.
#include "include/ct_linalg.h"

#include "guard.hpp"

using namespace ct;

ct_status ct_eig(ct_tensor *values, ct_tensor *vectors, ct_tensor a) {
    return produce_pair(values, vectors, [&] { return at::linalg_eig(a->value); });
}

ct_status ct_eigenvalues(ct_tensor *values, ct_tensor a) {
    return produce(values, [&] { return at::linalg_eigvals(a->value); });
}

ct_status ct_eigh(ct_tensor *values, ct_tensor *vectors, ct_tensor a) {
    return produce_pair(values, vectors, [&] { return at::linalg_eigh(a->value); });
}

ct_status ct_svd(ct_tensor *u, ct_tensor *s, ct_tensor *vh, ct_tensor a) {
    return guard([&] {
        auto [left, singular, right] = at::linalg_svd(a->value, /*full_matrices=*/false);
        *u = wrap(std::move(left));
        *s = wrap(std::move(singular));
        *vh = wrap(std::move(right));
    });
}

ct_status ct_qr(ct_tensor *q, ct_tensor *r, ct_tensor a) {
    return produce_pair(q, r, [&] { return at::linalg_qr(a->value); });
}
