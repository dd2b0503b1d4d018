// Devices, threads, version.
#include "include/ct_device.h"

#include <ATen/Parallel.h>
#include <torch/version.h>

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

const char *ct_version(void) { return TORCH_VERSION; }
