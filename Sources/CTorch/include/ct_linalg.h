// Linear algebra on the last two axes.
#pragma once

#include "ct_tensor.h"

CT_BEGIN

/// General square matrices: complex eigenvalues [..., n] and right eigenvectors [..., n, n] in columns.
ct_status ct_eig(ct_tensor *values, ct_tensor *vectors, ct_tensor a);
ct_status ct_eigenvalues(ct_tensor *values, ct_tensor a);
/// Symmetric matrices: real eigenvalues, ascending, and eigenvectors in columns.
ct_status ct_eigh(ct_tensor *values, ct_tensor *vectors, ct_tensor a);
/// Reduced: a = u diag(s) vh.
ct_status ct_svd(ct_tensor *u, ct_tensor *s, ct_tensor *vh, ct_tensor a);
/// Reduced: a = q r.
ct_status ct_qr(ct_tensor *q, ct_tensor *r, ct_tensor a);

CT_END
