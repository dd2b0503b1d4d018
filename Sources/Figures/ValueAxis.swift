// The axis of a quantity that may be signed and may span decades: linear, or logarithmic on both sides of zero.
//
// Eigenvalues of a Hessian lie on both sides of zero and grow by orders of magnitude: on a linear axis all but the
// largest lie on the zero line, and a logarithmic one has no place for the negative. The symmetric logarithm
// sign(v) log(1 + |v| / c) is linear within ±c and logarithmic beyond; a figure that uses it says what c is.

import Foundation

struct ValueAxis: Equatable {
    let domain: ClosedRange<Double>
    /// c; nil for a linear axis.
    let constant: Double?

    /// A linear axis over a range.
    init(_ domain: ClosedRange<Double>) {
        self.init(domain: domain, constant: nil)
    }

    /// A linear axis from zero, or from below it, to round numbers that hold all values.
    init(holding values: [Double]) {
        self.init(PlotLayout.roundDomain(min(values.min() ?? 0, 0)...max(values.max() ?? 0, 0)))
    }

    /// An axis for series that may be signed and may span decades. Linear unless their first values, or a tenth of all,
    /// are less than a thirtieth of the largest; else the symmetric logarithm with a power of ten at or below
    /// those as c, and no less than six decades below the largest.
    init(signed series: [StepSeries]) {
        let values = series.flatMap(\.defined)
        let magnitudes = values.map(abs).filter { $0 > 0 }.sorted()
        let firsts = series.compactMap { $0.defined.first { $0 != 0 }.map(abs) }
        let small = magnitudes.isEmpty ? 0 : magnitudes[magnitudes.count / 10]
        self.init(values, small: firsts.reduce(small, min), decades: 6)
    }

    /// The axis for `values` of which many are as small as `small`.
    init(_ values: [Double], small: Double, decades: Int) {
        let largest = values.map(abs).max() ?? 0
        guard small > 0, largest > 30 * small else {
            self.init(holding: values)
            return
        }
        let power = max(floor(log10(small)), ceil(log10(largest)) - Double(decades))
        let constant = Self.power(Int(power))
        func end(_ magnitude: Double) -> Double {
            guard magnitude > constant else { return magnitude > 0 ? constant : 0 }
            return PlotLayout.logDomain(constant...magnitude).upperBound
        }
        let (low, high) = (end(-min(values.min() ?? 0, 0)), end(max(values.max() ?? 0, 0)))
        self.init(domain: -low...high, constant: constant)
    }

    private init(domain: ClosedRange<Double>, constant: Double?) {
        self.domain = domain
        self.constant = constant
    }

    /// Ten to a whole power, rounded as its decimal is.
    private static func power(_ exponent: Int) -> Double {
        exponent < 0 ? 1 / pow(10, Double(-exponent)) : pow(10, Double(exponent))
    }

    // MARK: Places

    private func warped(_ value: Double) -> Double {
        guard let constant else { return value }
        return value < 0 ? -log1p(-value / constant) : log1p(value / constant)
    }

    /// A value's height in a plot, in pixels from the top.
    func pixel(_ value: Double, height: Double) -> Double {
        let (low, high) = (warped(domain.lowerBound), warped(domain.upperBound))
        return (high - warped(value)) / (high - low) * height
    }

    /// The value at a height.
    func value(atPixel pixel: Double, height: Double) -> Double {
        let (low, high) = (warped(domain.lowerBound), warped(domain.upperBound))
        let place = high - pixel / height * (high - low)
        guard let constant else { return place }
        return place < 0 ? -constant * expm1(-place) : constant * expm1(place)
    }

    /// Zero and powers of ten, at least `distance` pixels apart; nil for a linear axis, which has its own.
    func ticks(height: Double, distance: Double) -> [Double]? {
        guard let constant else { return nil }
        func place(_ value: Double) -> Double { pixel(value, height: height) }
        var ticks = [0.0]
        for end in [domain.lowerBound, domain.upperBound] where end != 0 {
            let sign = end < 0 ? -1.0 : 1
            let powers = Int(log10(constant).rounded())...Int(floor(log10(abs(end)) + 1e-9))
            var last: Double?
            for tick in powers.reversed().map({ sign * Self.power($0) }) {
                guard abs(place(tick) - place(0)) >= distance,
                    last.map({ abs(place(tick) - place($0)) >= distance }) ?? true
                else { continue }
                ticks.append(tick)
                last = tick
            }
        }
        return ticks.sorted()
    }

    /// What a reader has to know about the axis.
    var note: String? {
        constant.map { "logarithmic on both sides of zero, linear within ±\(ValueScale.significant($0))" }
    }

    // MARK: Vega-Lite

    /// Numbers on the axis: small and large ones as powers of ten, the others with their thousands apart.
    private static let labels = """
        datum.value != 0 && (abs(datum.value) < 0.001 || abs(datum.value) >= 1000000) \
        ? replace(format(datum.value, '.3~e'), 'e-', 'e\u{2212}') : format(datum.value, ',.6~g')
        """

    var scale: Scale {
        Scale(
            type: constant == nil ? "linear" : "symlog",
            domain: [.number(domain.lowerBound), .number(domain.upperBound)],
            constant: constant,
            nice: false
        )
    }

    /// The channel of a field along y.
    func vertical(_ field: String, title: String? = nil, height: Double, hasLabels: Bool = true) -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: title.map { .shown($0) } ?? .removed,
            axis: .shown(
                Axis(
                    labels: hasLabels ? nil : false,
                    labelExpr: Self.labels,
                    labelPadding: 7,
                    values: ticks(height: height, distance: 15)?.map { .number($0) },
                    grid: true,
                    domain: false,
                    ticks: false,
                    // A count would thin out the given values.
                    tickCount: constant == nil ? max(3, min(6, Int(height / 30))) : nil
                )
            ),
            scale: scale
        )
    }

    /// The channel of a field along x.
    func horizontal(_ field: String, title: String, width: Double) -> Channel {
        Channel(
            field: field,
            type: .quantitative,
            title: .shown(title),
            axis: .shown(
                Axis(
                    labelExpr: Self.labels,
                    labelFlush: false,
                    labelOverlap: .shown(true),
                    values: ticks(height: width, distance: 30)?.map { .number($0) },
                    grid: true,
                    domain: false,
                    ticks: true,
                    tickCount: constant == nil ? 8 : nil
                )
            ),
            scale: scale
        )
    }
}
