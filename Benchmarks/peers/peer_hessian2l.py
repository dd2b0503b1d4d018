"""PyTorch: the top 10 eigenvalues of the Hessian of an attention-only model on one batch.

Plain: power iteration with deflation, 20 products an eigenvalue. `--tuned`: Lanczos with full reorthogonalisation, 60 products.
Both keep the gradient's graph. Each eigenvalue comes with its residual |Hv - value v|.
"""

import json
import time

import attention_model
import child

COUNT, ITERATIONS, PRODUCTS = 10, 20, 60


def main() -> None:
    options = child.arguments(__doc__.split("\n")[0], "--tuned")
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(options.threads)
    model = attention_model.load(options.model)
    parameters = list(model.parameters())
    batch = torch.tensor(json.loads(options.tokens.read_text())[:64])[:, :64]

    def gradient():
        logits = model(batch[:, :-1], False)
        loss = F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
        parts = torch.autograd.grad(loss, parameters, create_graph=True)
        return torch.cat([part.reshape(-1) for part in parts])

    def product(gradient, vector, keep: bool):
        parts = torch.autograd.grad(gradient @ vector, parameters, retain_graph=keep)
        return torch.cat([part.reshape(-1) for part in parts])

    def power_iteration():
        torch.manual_seed(0)
        found, kept = [], gradient()
        for _ in range(COUNT):
            vector = torch.nn.functional.normalize(torch.randn(sum(p.numel() for p in parameters)), dim=0)
            for _ in range(ITERATIONS):
                for _, other in found:
                    vector = vector - (vector @ other) * other
                vector = vector / vector.norm()
                moved = product(kept, vector, True)
                value = (vector @ moved).item()
                residual = (moved - value * vector).norm().item()
                vector, known = moved, vector
            found.append((value, known))
            residuals.append(residual)
        return [value for value, _ in found]

    def lanczos():
        torch.manual_seed(0)
        kept = gradient()
        basis = [torch.nn.functional.normalize(torch.randn(len(kept)), dim=0)]
        diagonal, beside = [], []
        for _ in range(PRODUCTS):
            moved = product(kept, basis[-1], True)
            diagonal.append((basis[-1] @ moved).item())
            known = torch.stack(basis)
            for _ in range(2):
                moved = moved - known.T @ (known @ moved)
            beside.append(moved.norm().item())
            basis.append(moved / beside[-1])
        matrix = torch.diag(torch.tensor(diagonal, dtype=torch.float64))
        off = torch.tensor(beside[:-1], dtype=torch.float64)
        matrix += torch.diag(off, 1) + torch.diag(off, -1)
        values, vectors = torch.linalg.eigh(matrix)
        residuals.extend((beside[-1] * vectors[-1].abs()).flip(0)[:COUNT].tolist())
        return values.flip(0)[:COUNT].tolist()

    residuals: list[float] = []
    # The first products of a process pay for their plans.
    product(gradient(), torch.ones(sum(p.numel() for p in parameters)), False)
    start = time.perf_counter()
    values = lanczos() if options.tuned else power_iteration()
    child.report("hessian2l", [time.perf_counter() - start], eigenvalues=values, residuals=residuals)


if __name__ == "__main__":
    main()
