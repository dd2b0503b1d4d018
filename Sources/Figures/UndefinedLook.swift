// How every figure draws what has no value: grey, with a diagonal stroke, and named in the legend.

import Foundation

enum UndefinedLook {
    /// The fill of undefined places, with an entry in the legend.
    static func fill(name: String, legend orient: String? = nil) -> Channel {
        let name = DataValue.text(name.onOneLine)
        return Channel(
            datum: name,
            type: .nominal,
            scale: Scale(domain: [name], range: [.text(Theme.undefinedFill)]),
            legend: .shown(
                Legend(
                    orient: orient,
                    title: .removed,
                    symbolType: "M-1,-1L1,-1L1,1L-1,1ZM-1,1L1,-1",
                    symbolSize: 130,
                    symbolStrokeColor: Theme.undefinedStroke,
                    symbolStrokeWidth: 1
                )
            )
        )
    }

    static let stroke = Mark(type: .rule, color: Theme.undefinedStroke, strokeWidth: 1)
}
