// The text of the last failure, one a thread.
#include "guard.hpp"

#include <c10/core/GradMode.h>

namespace {
thread_local std::string last_message;
}

const char *ct_last_message(void) { return last_message.c_str(); }

namespace ct {

ct_status record(ct_status status, std::string message) noexcept {
    last_message = std::move(message);
    return status;
}

ct_status record_out_of_memory(const char *message) noexcept {
    try {
        return record(CT_OUT_OF_MEMORY, message);
    } catch (...) {
        return CT_OUT_OF_MEMORY;
    }
}

ct_status record_error(const c10::Error &error) noexcept {
    try {
        std::string message = error.what_without_backtrace();
        // The CPU allocator reports exhaustion as a plain error; only its words tell.
        bool exhausted = message.find("DefaultCPUAllocator") != std::string::npos;
        return record(exhausted ? CT_OUT_OF_MEMORY : CT_FAILED, std::move(message));
    } catch (...) {
        return CT_FAILED;
    }
}

void prepare_thread() {
    thread_local bool prepared = false;
    if (!prepared) {
        c10::GradMode::set_enabled(false);
        prepared = true;
    }
}

}  // namespace ct
