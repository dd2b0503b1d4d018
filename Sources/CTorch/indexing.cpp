// Indexing, and writes in place.
#include "guard.hpp"

using namespace ct;

ct_status ct_select(ct_tensor *out, ct_tensor tensor, int64_t axis, int64_t index) {
    return produce(out, [&] { return tensor->value.select(axis, index); });
}

ct_status ct_slice(ct_tensor *out, ct_tensor tensor, int64_t axis, int64_t start, int64_t end, int64_t step) {
    return produce(out, [&] {
        int64_t size = tensor->value.size(axis);
        // libtorch clamps silently; a range outside the axis is a mistake of the caller.
        TORCH_CHECK(0 <= start && start <= end && end <= size, "slice ", start, "..<", end, " of axis ", axis,
                    " of shape ", tensor->value.sizes());
        return tensor->value.slice(axis, start, end, step);
    });
}

ct_status ct_index_select(ct_tensor *out, ct_tensor tensor, int64_t axis, ct_tensor indices) {
    return produce(out, [&] { return tensor->value.index_select(axis, indices->value); });
}

ct_status ct_index(ct_tensor *out, ct_tensor tensor, const ct_tensor *indices, size_t count) {
    return produce(out, [&] { return at::index(tensor->value, index_list(indices, count)); });
}

ct_status ct_gather(ct_tensor *out, ct_tensor tensor, int64_t axis, ct_tensor indices) {
    return produce(out, [&] { return tensor->value.gather(axis, indices->value); });
}

ct_status ct_scatter(ct_tensor *out, ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source) {
    return produce(out, [&] { return tensor->value.scatter(axis, indices->value, source->value); });
}

ct_status ct_where(ct_tensor *out, ct_tensor condition, ct_tensor a, ct_tensor b) {
    return produce(out, [&] { return at::where(condition->value, a->value, b->value); });
}

ct_status ct_masked_fill(ct_tensor *out, ct_tensor tensor, ct_tensor mask, double value) {
    return produce(out, [&] { return tensor->value.masked_fill(mask->value, value); });
}

ct_status ct_tril(ct_tensor *out, ct_tensor tensor, int64_t diagonal) {
    return produce(out, [&] { return tensor->value.tril(diagonal); });
}

ct_status ct_triu(ct_tensor *out, ct_tensor tensor, int64_t diagonal) {
    return produce(out, [&] { return tensor->value.triu(diagonal); });
}

ct_status ct_copy_(ct_tensor tensor, ct_tensor source) {
    return guard([&] { tensor->value.copy_(source->value); });
}

ct_status ct_fill_(ct_tensor tensor, double value) {
    return guard([&] { tensor->value.fill_(value); });
}

ct_status ct_add_(ct_tensor tensor, ct_tensor other, double scale) {
    return guard([&] { tensor->value.add_(other->value, scale); });
}

ct_status ct_multiply_(ct_tensor tensor, double factor) {
    return guard([&] { tensor->value.mul_(factor); });
}

ct_status ct_index_add_(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source) {
    return guard([&] { tensor->value.index_add_(axis, indices->value, source->value); });
}

ct_status ct_index_put_(ct_tensor tensor, const ct_tensor *indices, size_t count, ct_tensor values) {
    return guard([&] { tensor->value.index_put_(index_list(indices, count), values->value); });
}
