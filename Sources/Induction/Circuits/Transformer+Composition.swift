// Composition of all pairs without a d_model x d_model product. With thin QR decompositions W_V1 = U R_V and
// W_K2 = U' R_K, |W_V1 W_O1 W_Q2 R W_K2^T| = |(R_V W_O1) (W_Q2 R R_K^T)|: each head has one matrix [d_head, d_model]
// that it writes by and one that it reads by, and the pairs of two layers are one matrix product.
import Torch
public import Transformers

extension Transformer {
    /// Composition of every pair of heads.
    ///
    /// - Parameters:
    ///   - kinds: which inputs of the later head.
    ///   - offsets: distances from key to query for Q and K in rotary models. The default is where an induction head
    ///     looks in `repeat` prompts: their lags are 15 to 25, it looks lag - 1 back, the middle is 19.
    ///   - draws: Gaussian draws that the random mean is taken over.
    ///   - seed: of the draws.
    ///   - progress: called with the number of layers done; what it throws ends the work.
    /// - Throws: what is wrong with the files, where blocks are read as they are needed, and what `progress` throws.
    public func composition(
        _ kinds: [CompositionKind] = CompositionKind.allCases,
        offsets: [Int] = [19],
        draws: Int = 100,
        seed: UInt64 = 0,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> Composition {
        let mean = Composition.randomMean(
            dModel: config.dModel,
            dHead: config.dHead,
            draws: draws,
            seed: seed
        )
        let heads = self.heads
        let empty = [[Double?]](repeating: Array(repeating: nil, count: heads.count), count: heads.count)
        var matrices = kinds.flatMap { kind in
            let offsets: [Int?] = kind == .v ? [nil] : config.rotations(of: 0, offsets: offsets).map(\.offset)
            return offsets.map { CompositionMatrix(kind: kind, offset: $0, scores: empty) }
        }
        var writers: [Unit] = []
        for layer in 0..<config.layers {
            let factors = try HeadFactors(self, layer: layer)
            for index in matrices.indices where layer > 0 {
                let matrix = matrices[index]
                let rotation = matrix.offset.flatMap { config.rotationMatrix(of: layer, offset: $0) }
                let reader = Unit(factors.reads(matrix.kind, rotation))
                for (earlier, writer) in writers.enumerated() {
                    for (a, row) in writer.ratios(reader).enumerated() {
                        for (b, ratio) in row.enumerated() {
                            matrices[index].scores[earlier * config.heads + a][layer * config.heads + b] =
                                ratio.map { $0 - mean }
                        }
                    }
                }
            }
            writers.append(Unit(factors.writes()))
            try progress(layer + 1)
        }
        return Composition(heads: heads, matrices: matrices, randomMean: mean, draws: draws)
    }
}

extension HeadFactors {
    /// R_V W_O with W_V = U R_V: as large as W_OV in every product from the right. [head, rank, d_model]
    fileprivate func writes() -> Tensor { v.qr().r.matmul(o) }

    /// What is multiplied from the left, transposed, without the orthogonal factor on its right: [head, rank, d_model].
    fileprivate func reads(_ kind: CompositionKind, _ rotation: Tensor?) -> Tensor {
        switch kind {
        case .q: k.qr().r.matmul((rotation.map { q.matmul($0) } ?? q).mT)
        case .k: q.qr().r.matmul((rotation.map { k.matmul($0.mT) } ?? k).mT)
        case .v: o.mT.qr().r.matmul(v.mT)
        }
    }
}

/// One matrix a head, divided by its norm, in float32.
private struct Unit {
    private let heads: Int
    private let rows: Tensor  // [head * rank, d_model]
    private let isZero: [Bool]

    /// - Parameter maps: [head, rank, d_model]
    init(_ maps: Tensor) {
        let norms = maps.norm(1, 2, keep: true)  // [head, 1, 1]
        heads = maps.size(0)
        isZero = norms.doubles.map { $0 == 0 }
        let divisor = Tensor(norms.doubles.map { $0 == 0 ? 1 : $0 }, [heads, 1, 1])
        rows = (maps / divisor).to(.float32).reshape(-1, maps.size(2))
    }

    /// Norms of the products with every head of `other`: [own][other]; nil where one of the two is zero.
    func ratios(_ other: Unit) -> [[Double?]] {
        let product = rows.linear(other.rows)  // [head * rank, head * rank]
        let squares = (product * product).reshape(heads, -1, other.heads, other.rows.size(0) / other.heads)
        let values = squares.sum(1, 3).sqrt().doubles  // [head, head]
        return (0..<heads).map { a in
            (0..<other.heads).map { b in
                isZero[a] || other.isZero[b] ? nil : values[a * other.heads + b]
            }
        }
    }
}

extension Composition {
    /// The mean ratio of Gaussian heads: |W_V W_O W_Q W_K^T| / (|W_V W_O| |W_Q W_K^T|) over draws of all four. The same
    /// seed gives the same number.
    public static func randomMean(dModel: Int, dHead: Int, draws: Int = 100, seed: UInt64 = 0) -> Double {
        precondition(draws > 0, "\(draws) draws")
        let random = RandomSource(seed: seed)
        var sum = 0.0
        for _ in 0..<draws {
            func map() -> Tensor { random.normal([dModel, dHead], dtype: .float64) }
            let (v, o, q, k) = (map(), map(), map(), map())  // o transposed
            let (vv, oo, qq, kk) = (v.mT.matmul(v), o.mT.matmul(o), q.mT.matmul(q), k.mT.matmul(k))
            let inner = o.mT.matmul(q)  // [e, e]
            // |V A K^T|^2 = tr(A^T (V^T V) A (K^T K))
            let product = (inner.mT.matmul(vv).matmul(inner) * kk).sum().scalar
            let factors = (vv * oo).sum().scalar * (qq * kk).sum().scalar
            sum += (product / factors).squareRoot()
        }
        return sum / Double(draws)
    }
}
