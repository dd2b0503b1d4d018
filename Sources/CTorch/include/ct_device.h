// Devices, threads, version.
#pragma once

#include "ct_tensor.h"

CT_BEGIN

ct_status ct_is_available(bool *out, ct_device_kind kind);
/// Threads that one operation may use, in the whole process.
ct_status ct_thread_count(int32_t *out);
ct_status ct_set_thread_count(int32_t count);
/// Keeps the memory of large tensors on the processor for the next one of about the same size, up to 1 GiB, instead of
/// giving it back and asking the system again, page by page. Does nothing but on Linux.
ct_status ct_keep_freed_memory(void);
/// libtorch's version, such as "2.13.0".
const char *ct_version(void);

CT_END
