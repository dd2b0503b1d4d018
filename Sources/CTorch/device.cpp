// Devices, threads, version.
#include "include/ct_device.h"

#include <ATen/Parallel.h>
#include <torch/version.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "guard.hpp"

using namespace ct;

ct_status ct_is_available(bool *out, ct_device_kind kind) {
    return guard([&] {
        switch (kind) {
            case CT_CPU: *out = true; return;
            case CT_CUDA: *out = at::hasCUDA() && at::getNumGPUs() > 0; return;
            case CT_MPS: *out = at::hasMPS(); return;
        }
        TORCH_CHECK(false, "unknown device code ", static_cast<int>(kind));
    });
}

ct_status ct_thread_count(int32_t *out) {
    return guard([&] { *out = at::get_num_threads(); });
}

ct_status ct_set_thread_count(int32_t count) {
    return guard([&] { at::set_num_threads(count); });
}

ct_status ct_keep_freed_memory(void) {
    return guard([] {
#if defined(__GLIBC__)
        // No mappings of their own for large activations: each would come and go with its pages cleared by the system.
        bool taken = mallopt(M_MMAP_MAX, 0) && mallopt(M_TRIM_THRESHOLD, 1 << 30) &&
                     mallopt(M_TOP_PAD, 64 << 20);
        TORCH_CHECK(taken, "mallopt refused a setting");
#endif
    });
}

const char *ct_version(void) { return TORCH_VERSION; }
