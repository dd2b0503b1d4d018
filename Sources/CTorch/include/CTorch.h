// The C face of libtorch: everything that the Swift module `Torch` calls.
#pragma once

#include "ct_autograd.h"
#include "ct_device.h"
#include "ct_linalg.h"
#include "ct_ops.h"
#include "ct_random.h"
#include "ct_status.h"
#include "ct_tensor.h"
