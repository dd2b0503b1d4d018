// Work on all of libtorch's threads. Private to CTorch.
#pragma once

#include <c10/util/FunctionRef.h>

#include <cstdint>

namespace ct {

/// Runs `body(begin, end)` on pieces of 0..<count, no smaller than `grain`, on all threads.
///
/// `at::parallel_for` is compiled where it is called, and stays on one thread where the caller has no OpenMP; this one runs
/// inside libtorch, on its own threads.
void over_threads(int64_t count, int64_t grain, c10::function_ref<void(int64_t begin, int64_t end)> body);

}  // namespace ct
