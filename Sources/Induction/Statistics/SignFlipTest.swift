// Whether paired differences are centred on zero: a test by flipping their signs.
//
// Quantity: two-sided p of the mean difference over prompts, against the distribution that it has when every prompt's
// difference is as likely to have either sign (Fisher 1935, section 21). Up to 12 prompts all 2^n sign patterns are
// counted, p = k / 2^n, k those at least as extreme; above, B random ones, p = (1 + k) / (1 + B). Range 0..1, smallest
// 2 / 2^n or 1 / (1 + B). Exact where differences are symmetric about their centre; it tests that centre, and says nothing
// about size.
import Torch

/// Number of prompts up to which all sign patterns are counted.
public let exactSignFlipPrompts = 12

/// The p-value of each of many series of paired differences, on the same sign patterns.
///
/// - Parameters:
///   - differences: [series][prompt], finite; prompts without a value left out.
///   - flips: random sign patterns, where not all are counted.
///   - seed: of the random patterns.
/// - Returns: one p a series.
public func signFlipTest(_ differences: [[Double]], flips: Int = 10_000, seed: UInt64) -> [Double] {
    let prompts = differences.first?.count ?? 0
    precondition(differences.allSatisfy { $0.count == prompts }, "as many prompts in every series")
    guard prompts > 0 else { return differences.map { _ in 1 } }
    let isExact = prompts <= exactSignFlipPrompts
    let patterns = isExact ? 1 << prompts : flips
    var generator = SeededGenerator(seed: seed)

    // [prompt, series]
    let values = Tensor(differences.flatMap { $0 }, [differences.count, prompts]).mT.contiguous()
    let observed = Tensor.ones([1, prompts], dtype: .float64).matmul(values).abs()
    // Sums that are equal but for rounding are equally extreme.
    let threshold = observed - values.abs().sum(0, keep: true) * 1e-12
    var extreme = Tensor.zeros([differences.count], dtype: .float64)
    // At most this many sums at once, 64 MB of them.
    let chunk = max(1, min(patterns, (1 << 23) / max(differences.count, prompts)))
    for start in stride(from: 0, to: patterns, by: chunk) {
        let rows = min(chunk, patterns - start)
        var signs = [Double]()
        signs.reserveCapacity(rows * prompts)
        for row in start..<start + rows {
            var bits = UInt64(row)
            for prompt in 0..<prompts {
                if !isExact && prompt % 64 == 0 { bits = generator.next() }
                signs.append(bits & 1 == 0 ? 1 : -1)
                bits >>= 1
            }
        }
        let sums = Tensor(signs, [rows, prompts]).matmul(values).abs()  // [pattern, series]
        extreme = extreme + (sums .>= threshold).to(.float64).sum(0)
    }
    return extreme.doubles.map { count in
        isExact ? count / Double(patterns) : (1 + count) / Double(1 + patterns)
    }
}
