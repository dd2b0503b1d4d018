// Which layer the heads of each model peak at, from the profiles that runs have written.
//
// Columns: `peak_layer` (from 0), `peak_rel` = peak_layer / (L - 1), `bandwidth` = share of the layers that hold the
// central 68% of the score, `score` the kind of score. A row is what profile_<model>.json says; nothing is computed anew.

public import Foundation
import JSON

/// A table of saved profiles, the newest first.
public struct ProfileTable: Equatable, Sendable {
    /// One profile.
    public struct Row: Equatable, Sendable {
        /// The model's name.
        public var model: String
        /// Layer of the peak, from 0.
        public var peakLayer: Int
        /// The same as a share of the depth, 0 to 1.
        public var peakRelative: Double
        /// Share of layers, 0 to 1.
        public var bandwidth: Double
        /// Which score.
        public var score: String
        /// Start of the run.
        public var when: Date
        /// The profile's file.
        public var path: String

        /// All fields.
        public init(
            model: String,
            peakLayer: Int,
            peakRelative: Double,
            bandwidth: Double,
            score: String,
            when: Date,
            path: String
        ) {
            self.model = model
            self.peakLayer = peakLayer
            self.peakRelative = peakRelative
            self.bandwidth = bandwidth
            self.score = score
            self.when = when
            self.path = path
        }
    }

    /// One a profile.
    public var rows: [Row]
    /// What could not be read, and why.
    public var skipped: [RunStore.Skipped]

    /// A table of these rows.
    public init(rows: [Row], skipped: [RunStore.Skipped] = []) {
        self.rows = rows
        self.skipped = skipped
    }

    /// The profiles of all runs in a store that their receipts call whole.
    public init(_ store: RunStore) {
        let (runs, skipped) = store.runs()
        self.init(rows: [], skipped: skipped)
        for run in runs {
            for file in run.receipt.files.map(\.digest.name).sorted() {
                guard file.hasPrefix("profile_"), file.hasSuffix(".json") else { continue }
                let url = run.url.appending(path: file)
                do {
                    rows.append(try Row(reading: url, when: run.receipt.times.started))
                } catch {
                    self.skipped.append(.init(path: url.relativePath, reason: "\(error)"))
                }
            }
        }
    }

    /// Only the newest of each model.
    public var latest: ProfileTable {
        var seen: Set<String> = []
        return ProfileTable(rows: rows.filter { seen.insert($0.model).inserted }, skipped: skipped)
    }
}

extension ProfileTable.Row {
    /// Reads `model`, `peak_layer`, `peak_rel`, `bandwidth` and `score` of a profile; it may have more.
    fileprivate init(reading file: URL, when: Date) throws {
        let json = try JSONField(reading: file)
        self.init(
            model: try json.require("model").string(),
            peakLayer: try json.require("peak_layer").count(),
            peakRelative: try json.require("peak_rel").double(min: 0, max: 1),
            bandwidth: try json.require("bandwidth").double(min: 0, max: 1),
            score: try json.require("score").string(),
            when: when,
            path: file.relativePath
        )
    }
}
