// Times as receipts write them: UTC, to the millisecond, like 2030-01-31T12:00:00.000Z.

import Foundation

enum UTCTime {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    static func text(_ date: Date) -> String {
        // The style cuts digits off: a millisecond that is stored as a little less would become the one before.
        date.addingTimeInterval(0.0005).formatted(style)
    }

    static func date(_ text: String) -> Date? { (try? style.parse(text)).map(rounded) }

    /// To the nearest millisecond.
    static func rounded(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000)
    }
}
