// Work on all of libtorch's threads, by its own loop over a tensor of numbers.
#include "parallel.hpp"

#include <ATen/ATen.h>
#include <ATen/TensorIterator.h>

namespace ct {

void over_threads(int64_t count, int64_t grain, c10::function_ref<void(int64_t begin, int64_t end)> body) {
    auto numbers = at::arange(count, at::kLong);
    auto iterator = at::TensorIteratorConfig().check_all_same_dtype(false).resize_outputs(false).add_output(numbers).build();
    iterator.for_each(
        [&](char **data, const int64_t *, int64_t size) {
            const int64_t begin = *reinterpret_cast<const int64_t *>(data[0]);
            body(begin, begin + size);
        },
        grain);
}

}  // namespace ct
