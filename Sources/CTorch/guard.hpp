// The one exception boundary, and the way between C handles and libtorch's types. Private to CTorch.
#pragma once

#if !__has_include(<ATen/ATen.h>)
#error "libtorch not found. Run `make setup`, or set LIBTORCH to a libtorch directory (one with include/ and lib/)."
#endif

#include <ATen/ATen.h>

#include <exception>
#include <string>
#include <utility>

#include "include/ct_ops.h"
#include "include/ct_random.h"
#include "include/ct_tensor.h"

struct ct_tensor_s {
    at::Tensor value;
};

struct ct_generator_s {
    at::Generator value;
};

namespace ct {

ct_status record(ct_status status, std::string message) noexcept;
ct_status record_error(const c10::Error &error) noexcept;
ct_status record_out_of_memory(const char *message) noexcept;

/// Switches grad mode off on a thread's first call: libtorch starts every thread with it on.
void prepare_thread();

/// Runs `body`; any exception becomes a status and a text.
template <class Body>
ct_status guard(Body &&body) noexcept {
    try {
        prepare_thread();
        body();
        return CT_OK;
    } catch (const c10::OutOfMemoryError &error) {
        return record_out_of_memory(error.what_without_backtrace());
    } catch (const c10::Error &error) {
        return record_error(error);
    } catch (const std::bad_alloc &error) {
        return record_out_of_memory(error.what());
    } catch (const std::exception &error) {
        return record(CT_FAILED, error.what());
    } catch (...) {
        return record(CT_FAILED, "an exception of unknown type");
    }
}

inline ct_tensor wrap(at::Tensor value) { return new ct_tensor_s{std::move(value)}; }

/// Runs `body`, which makes one tensor, and hands it out.
template <class Body>
ct_status produce(ct_tensor *out, Body &&body) noexcept {
    return guard([&] { *out = wrap(body()); });
}

/// Runs `body`, which makes a tuple of tensors, and hands them out, all or none.
template <class Body>
ct_status produce_pair(ct_tensor *first, ct_tensor *second, Body &&body) noexcept {
    return guard([&] {
        auto [a, b] = body();
        ct_tensor kept = wrap(std::move(a));
        *second = wrap(std::move(b));
        *first = kept;
    });
}

inline at::IntArrayRef list(const int64_t *values, size_t count) { return at::IntArrayRef(values, count); }
at::ScalarType scalar_type(ct_dtype dtype);
ct_dtype dtype_code(at::ScalarType type);
/// One of the functions of one number, element by element.
at::Tensor apply(ct_unary operation, const at::Tensor &a);
at::Device device(ct_device device);
at::TensorOptions options(ct_dtype dtype, ct_device device);
std::vector<at::Tensor> tensors(const ct_tensor *values, size_t count);
/// Null entries stand for axes that are kept.
c10::List<std::optional<at::Tensor>> index_list(const ct_tensor *values, size_t count);

}  // namespace ct
