// Tensors: creation, properties, transfer to and from the host, shape, indexing.
#pragma once

#include "ct_status.h"

CT_BEGIN

/// A counted reference to a libtorch tensor. Each one that a call hands out is freed with `ct_tensor_free`.
typedef struct ct_tensor_s *ct_tensor;

typedef enum {
    CT_FLOAT32 = 0,
    CT_FLOAT64 = 1,
    CT_FLOAT16 = 2,
    CT_BFLOAT16 = 3,
    CT_INT64 = 4,
    CT_INT32 = 5,
    CT_INT16 = 6,
    CT_INT8 = 7,
    CT_UINT8 = 8,
    CT_BOOL = 9,
    CT_COMPLEX64 = 10,
    CT_COMPLEX128 = 11,
} ct_dtype;

typedef enum { CT_CPU = 0, CT_CUDA = 1, CT_MPS = 2 } ct_device_kind;

typedef struct {
    ct_device_kind kind;
    int32_t index;
} ct_device;

void ct_tensor_free(ct_tensor tensor);

// Creation. `shape` has `rank` entries.
ct_status ct_empty(ct_tensor *out, const int64_t *shape, size_t rank, ct_dtype dtype, ct_device device);
ct_status ct_full(ct_tensor *out, const int64_t *shape, size_t rank, double value, ct_dtype dtype, ct_device device);
ct_status ct_arange(ct_tensor *out, int64_t start, int64_t end, int64_t step, ct_dtype dtype, ct_device device);
/// A view of `bytes` bytes of row-major host memory, which the caller keeps alive and unchanged meanwhile.
ct_status ct_borrow_host(ct_tensor *out, const void *data, size_t bytes, const int64_t *shape, size_t rank,
                         ct_dtype dtype);
/// The same with `strides`, in elements, none negative; the last element must lie in the `bytes` bytes.
ct_status ct_borrow_host_strided(ct_tensor *out, const void *data, size_t bytes, const int64_t *shape,
                                 const int64_t *strides, size_t rank, ct_dtype dtype);

// Properties.
ct_status ct_rank(size_t *out, ct_tensor tensor);
ct_status ct_shape(int64_t *out, ct_tensor tensor);
ct_status ct_element_count(int64_t *out, ct_tensor tensor);
ct_status ct_dtype_of(ct_dtype *out, ct_tensor tensor);
ct_status ct_device_of(ct_device *out, ct_tensor tensor);
ct_status ct_is_contiguous(bool *out, ct_tensor tensor);

/// Copies a tensor, row-major, to `bytes` bytes of host memory.
ct_status ct_to_host(void *out, size_t bytes, ct_tensor tensor);
ct_status ct_to(ct_tensor *out, ct_tensor tensor, ct_dtype dtype, ct_device device);
ct_status ct_clone(ct_tensor *out, ct_tensor tensor);
ct_status ct_contiguous(ct_tensor *out, ct_tensor tensor);

// Shape. Results are views where libtorch can make one.
ct_status ct_reshape(ct_tensor *out, ct_tensor tensor, const int64_t *shape, size_t rank);
ct_status ct_expand(ct_tensor *out, ct_tensor tensor, const int64_t *shape, size_t rank);
ct_status ct_permute(ct_tensor *out, ct_tensor tensor, const int64_t *axes, size_t rank);
ct_status ct_transpose(ct_tensor *out, ct_tensor tensor, int64_t first, int64_t second);
ct_status ct_unsqueeze(ct_tensor *out, ct_tensor tensor, int64_t axis);
ct_status ct_squeeze(ct_tensor *out, ct_tensor tensor, int64_t axis);
ct_status ct_cat(ct_tensor *out, const ct_tensor *tensors, size_t count, int64_t axis);
ct_status ct_stack(ct_tensor *out, const ct_tensor *tensors, size_t count, int64_t axis);
/// Views of `count` consecutive pieces of an axis, of the given sizes; one entry each in `out`.
ct_status ct_split(ct_tensor *out, ct_tensor tensor, const int64_t *sizes, size_t count, int64_t axis);
ct_status ct_flip(ct_tensor *out, ct_tensor tensor, int64_t axis);
ct_status ct_roll(ct_tensor *out, ct_tensor tensor, int64_t shift, int64_t axis);
ct_status ct_view_as_real(ct_tensor *out, ct_tensor tensor);

// Indexing.
ct_status ct_select(ct_tensor *out, ct_tensor tensor, int64_t axis, int64_t index);
ct_status ct_slice(ct_tensor *out, ct_tensor tensor, int64_t axis, int64_t start, int64_t end, int64_t step);
ct_status ct_index_select(ct_tensor *out, ct_tensor tensor, int64_t axis, ct_tensor indices);
/// Advanced indexing, as NumPy defines it: `indices` has one entry an axis, null where the axis is kept.
ct_status ct_index(ct_tensor *out, ct_tensor tensor, const ct_tensor *indices, size_t count);
ct_status ct_gather(ct_tensor *out, ct_tensor tensor, int64_t axis, ct_tensor indices);
ct_status ct_scatter(ct_tensor *out, ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source);
ct_status ct_where(ct_tensor *out, ct_tensor condition, ct_tensor a, ct_tensor b);
ct_status ct_masked_fill(ct_tensor *out, ct_tensor tensor, ct_tensor mask, double value);
ct_status ct_tril(ct_tensor *out, ct_tensor tensor, int64_t diagonal);
ct_status ct_triu(ct_tensor *out, ct_tensor tensor, int64_t diagonal);

// In place, on the tensor that is handed in. Views write through.
ct_status ct_copy_(ct_tensor tensor, ct_tensor source);
ct_status ct_fill_(ct_tensor tensor, double value);
ct_status ct_add_(ct_tensor tensor, ct_tensor other, double scale);
ct_status ct_multiply_(ct_tensor tensor, double factor);
ct_status ct_index_add_(ct_tensor tensor, int64_t axis, ct_tensor indices, ct_tensor source);
ct_status ct_index_put_(ct_tensor tensor, const ct_tensor *indices, size_t count, ct_tensor values);

CT_END
