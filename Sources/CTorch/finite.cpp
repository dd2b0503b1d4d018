// Whether all elements are finite, in one pass over their bits.
#include "guard.hpp"
#include "include/ct_ops.h"

using namespace ct;

namespace {

/// A number is NaN or infinite if and only if all bits of its exponent are set. No branch, so that the loop becomes
/// vector instructions.
template <class Bits>
bool all_finite(const void *data, int64_t count, Bits exponent) {
    auto bits = static_cast<const Bits *>(data);
    Bits found = 0;
    for (int64_t i = 0; i < count; i++) found |= static_cast<Bits>((bits[i] & exponent) == exponent);
    return found == 0;
}

}  // namespace

ct_status ct_all_finite(bool *out, ct_tensor tensor) {
    return guard([&] {
        auto &value = tensor->value;
        if (value.device().is_cpu() && value.is_contiguous()) {
            auto data = value.const_data_ptr();
            auto count = value.numel();
            switch (value.scalar_type()) {
                case at::kFloat: *out = all_finite<uint32_t>(data, count, 0x7f800000); return;
                case at::kDouble: *out = all_finite<uint64_t>(data, count, 0x7ff0000000000000); return;
                case at::kHalf: *out = all_finite<uint16_t>(data, count, 0x7c00); return;
                case at::kBFloat16: *out = all_finite<uint16_t>(data, count, 0x7f80); return;
                default: break;
            }
        }
        *out = at::isfinite(value).all().item<bool>();
    });
}
