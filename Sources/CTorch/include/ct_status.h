// How every call of the shim ends: a status, and a text when it is not CT_OK.
//
// Every function writes its result through its first parameter and returns a status. No C++ exception
// leaves the shim. On failure the out-parameter is untouched or null and `ct_last_message` says why.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
#define CT_BEGIN extern "C" {
#define CT_END }
#else
#define CT_BEGIN
#define CT_END
#endif

CT_BEGIN

typedef enum {
    CT_OK = 0,
    CT_FAILED = 1,
    CT_OUT_OF_MEMORY = 2,
} ct_status;

/// The text of the last failure on the calling thread; empty if there was none. Valid until the thread's
/// next failing call.
const char *ct_last_message(void);

CT_END
