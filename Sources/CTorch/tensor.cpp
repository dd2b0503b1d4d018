// Tensors: creation, properties, transfer, shape.
#include "include/ct_tensor.h"

#include "guard.hpp"

using namespace ct;

namespace {

constexpr std::pair<ct_dtype, at::ScalarType> dtypes[] = {
    {CT_FLOAT32, at::kFloat},  {CT_FLOAT64, at::kDouble},           {CT_FLOAT16, at::kHalf},
    {CT_BFLOAT16, at::kBFloat16}, {CT_INT64, at::kLong},            {CT_INT32, at::kInt},
    {CT_INT16, at::kShort},    {CT_INT8, at::kChar},                {CT_UINT8, at::kByte},
    {CT_BOOL, at::kBool},      {CT_COMPLEX64, at::kComplexFloat},   {CT_COMPLEX128, at::kComplexDouble},
};

void check_bytes(size_t bytes, const at::Tensor &tensor) {
    TORCH_CHECK(bytes == tensor.nbytes(), "the host buffer has ", bytes, " bytes, a tensor of shape ", tensor.sizes(),
                " and type ", tensor.scalar_type(), " has ", tensor.nbytes());
}

}  // namespace

namespace ct {

at::ScalarType scalar_type(ct_dtype dtype) {
    for (auto [ours, theirs] : dtypes) {
        if (ours == dtype) return theirs;
    }
    TORCH_CHECK(false, "unknown dtype code ", static_cast<int>(dtype));
}

ct_dtype dtype_code(at::ScalarType type) {
    for (auto [ours, theirs] : dtypes) {
        if (theirs == type) return ours;
    }
    TORCH_CHECK(false, "the shim has no name for the type ", type);
}

at::Device device(ct_device device) {
    switch (device.kind) {
        case CT_CPU: return at::Device(at::kCPU);
        case CT_CUDA: return at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index));
        case CT_MPS: return at::Device(at::kMPS);
    }
    TORCH_CHECK(false, "unknown device code ", static_cast<int>(device.kind));
}

at::TensorOptions options(ct_dtype dtype, ct_device where) {
    return at::TensorOptions().dtype(scalar_type(dtype)).device(device(where));
}

std::vector<at::Tensor> tensors(const ct_tensor *values, size_t count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (size_t i = 0; i < count; i++) result.push_back(values[i]->value);
    return result;
}

c10::List<std::optional<at::Tensor>> index_list(const ct_tensor *values, size_t count) {
    c10::List<std::optional<at::Tensor>> result;
    result.reserve(count);
    for (size_t i = 0; i < count; i++) {
        result.push_back(values[i] ? std::optional<at::Tensor>(values[i]->value) : std::nullopt);
    }
    return result;
}

}  // namespace ct

void ct_tensor_free(ct_tensor tensor) { delete tensor; }

ct_status ct_empty(ct_tensor *out, const int64_t *shape, size_t rank, ct_dtype dtype, ct_device device) {
    return produce(out, [&] { return at::empty(list(shape, rank), options(dtype, device)); });
}

ct_status ct_full(ct_tensor *out, const int64_t *shape, size_t rank, double value, ct_dtype dtype, ct_device device) {
    return produce(out, [&] { return at::full(list(shape, rank), value, options(dtype, device)); });
}

ct_status ct_arange(ct_tensor *out, int64_t start, int64_t end, int64_t step, ct_dtype dtype, ct_device device) {
    return produce(out, [&] { return at::arange(start, end, step, options(dtype, device)); });
}

ct_status ct_borrow_host(ct_tensor *out, const void *data, size_t bytes, const int64_t *shape, size_t rank,
                         ct_dtype dtype) {
    return produce(out, [&] {
        // libtorch has no const form of from_blob; nothing in the shim writes to the view.
        auto view = at::from_blob(const_cast<void *>(data), list(shape, rank), options(dtype, {CT_CPU, 0}));
        check_bytes(bytes, view);
        return view;
    });
}

ct_status ct_borrow_host_strided(ct_tensor *out, const void *data, size_t bytes, const int64_t *shape,
                                 const int64_t *strides, size_t rank, ct_dtype dtype) {
    return produce(out, [&] {
        auto sizes = list(shape, rank), steps = list(strides, rank);
        for (auto step : steps) TORCH_CHECK(step >= 0, "strides ", steps, ", and none may be negative");
        auto width = c10::elementSize(scalar_type(dtype));
        auto needed = at::detail::computeStorageNbytes(sizes, steps, width);
        TORCH_CHECK(needed <= bytes, "the host buffer has ", bytes, " bytes, a tensor of shape ", sizes,
                    " and strides ", steps, " needs ", needed);
        return at::from_blob(const_cast<void *>(data), sizes, steps, options(dtype, {CT_CPU, 0}));
    });
}

ct_status ct_rank(size_t *out, ct_tensor tensor) {
    return guard([&] { *out = static_cast<size_t>(tensor->value.dim()); });
}

ct_status ct_shape(int64_t *out, ct_tensor tensor) {
    return guard([&] {
        auto sizes = tensor->value.sizes();
        std::copy(sizes.begin(), sizes.end(), out);
    });
}

ct_status ct_element_count(int64_t *out, ct_tensor tensor) {
    return guard([&] { *out = tensor->value.numel(); });
}

ct_status ct_dtype_of(ct_dtype *out, ct_tensor tensor) {
    return guard([&] { *out = dtype_code(tensor->value.scalar_type()); });
}

ct_status ct_device_of(ct_device *out, ct_tensor tensor) {
    return guard([&] {
        auto device = tensor->value.device();
        auto kind = device.is_cuda() ? CT_CUDA : device.is_mps() ? CT_MPS : CT_CPU;
        *out = {kind, device.has_index() ? device.index() : 0};
    });
}

ct_status ct_is_contiguous(bool *out, ct_tensor tensor) {
    return guard([&] { *out = tensor->value.is_contiguous(); });
}

ct_status ct_to_host(void *out, size_t bytes, ct_tensor tensor) {
    return guard([&] {
        auto source = tensor->value.detach();
        check_bytes(bytes, source);
        if (source.numel() == 0) return;
        at::from_blob(out, source.sizes(), at::TensorOptions().dtype(source.scalar_type())).copy_(source);
    });
}

ct_status ct_to(ct_tensor *out, ct_tensor tensor, ct_dtype dtype, ct_device where) {
    return produce(out, [&] { return tensor->value.to(device(where), scalar_type(dtype)); });
}

ct_status ct_clone(ct_tensor *out, ct_tensor tensor) {
    return produce(out, [&] { return tensor->value.clone(); });
}

ct_status ct_contiguous(ct_tensor *out, ct_tensor tensor) {
    return produce(out, [&] { return tensor->value.contiguous(); });
}

ct_status ct_reshape(ct_tensor *out, ct_tensor tensor, const int64_t *shape, size_t rank) {
    return produce(out, [&] { return tensor->value.reshape(list(shape, rank)); });
}

ct_status ct_expand(ct_tensor *out, ct_tensor tensor, const int64_t *shape, size_t rank) {
    return produce(out, [&] { return tensor->value.expand(list(shape, rank)); });
}

ct_status ct_permute(ct_tensor *out, ct_tensor tensor, const int64_t *axes, size_t rank) {
    return produce(out, [&] { return tensor->value.permute(list(axes, rank)); });
}

ct_status ct_transpose(ct_tensor *out, ct_tensor tensor, int64_t first, int64_t second) {
    return produce(out, [&] { return tensor->value.transpose(first, second); });
}

ct_status ct_unsqueeze(ct_tensor *out, ct_tensor tensor, int64_t axis) {
    return produce(out, [&] { return tensor->value.unsqueeze(axis); });
}

ct_status ct_squeeze(ct_tensor *out, ct_tensor tensor, int64_t axis) {
    return produce(out, [&] {
        TORCH_CHECK(tensor->value.size(axis) == 1, "squeeze of axis ", axis, " of shape ", tensor->value.sizes());
        return tensor->value.squeeze(axis);
    });
}

ct_status ct_cat(ct_tensor *out, const ct_tensor *values, size_t count, int64_t axis) {
    return produce(out, [&] { return at::cat(tensors(values, count), axis); });
}

ct_status ct_stack(ct_tensor *out, const ct_tensor *values, size_t count, int64_t axis) {
    return produce(out, [&] { return at::stack(tensors(values, count), axis); });
}

ct_status ct_split(ct_tensor *out, ct_tensor tensor, const int64_t *sizes, size_t count, int64_t axis) {
    return guard([&] {
        auto parts = tensor->value.split_with_sizes(list(sizes, count), axis);
        for (size_t i = 0; i < count; i++) out[i] = wrap(std::move(parts[i]));
    });
}

ct_status ct_flip(ct_tensor *out, ct_tensor tensor, int64_t axis) {
    return produce(out, [&] { return tensor->value.flip({axis}); });
}

ct_status ct_roll(ct_tensor *out, ct_tensor tensor, int64_t shift, int64_t axis) {
    return produce(out, [&] { return tensor->value.roll({shift}, {axis}); });
}

ct_status ct_view_as_real(ct_tensor *out, ct_tensor tensor) {
    return produce(out, [&] { return at::view_as_real(tensor->value); });
}
