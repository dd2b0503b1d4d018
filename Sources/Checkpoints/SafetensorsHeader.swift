// The header of a safetensors file, checked.
//
// Layout: 8 bytes, the length N of the header (unsigned, little endian); N bytes, a JSON object
// `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, …}`, perhaps padded with spaces;
// the data, which `data_offsets` count from 0.
//
// Promises: a header that was accepted describes exactly the file that it is in. Every tensor's type is one
// of the format's, its byte count is shape times element size without overflow, and the tensors cover the
// data from its first byte to its last without overlap or hole: the same conditions as the reference
// implementation's, and in addition no duplicate names and `{` as the first byte, which the format's
// description demands. It does not look at the data: they may hold NaN or anything else.

import JSON

/// What a safetensors file holds and where.
public struct SafetensorsHeader: Equatable, Sendable {
    /// One tensor's description.
    public struct Entry: Equatable, Sendable {
        /// The tensor's name.
        public let name: String
        /// The element type as the file names it; always one of the format's.
        public let dtypeName: String
        /// The element type, if it is one that can be read here.
        public var dtype: SafetensorsDType? { SafetensorsDType(rawValue: dtypeName) }
        /// The sizes of the axes, in row-major order; empty for a scalar.
        public let shape: [Int]
        /// Where the bytes are, counted from the start of the data.
        public let dataRange: Range<Int>
    }

    /// The tensors in the order of their bytes.
    public let entries: [Entry]
    /// The file's own remarks, by key (`__metadata__`).
    public let metadata: [String: String]
    /// Where the data start, counted from the start of the file.
    public let dataStart: Int

    /// The longest header that is read, in bytes: the reference implementation's limit.
    public static let longest = 100_000_000

    /// The header of the whole file in `bytes`; throws ``SafetensorsError`` that names `file`.
    public init(parsing bytes: UnsafeRawBufferPointer, file: String) throws(SafetensorsError) {
        func error(_ problem: SafetensorsError.Problem) -> SafetensorsError {
            SafetensorsError(file: file, problem: problem)
        }
        guard bytes.count >= 8 else { throw error(.noHeaderLength(size: bytes.count)) }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(SafetensorsHeader.longest) else {
            let pointer = "version https://git-lfs"
            if bytes.prefix(pointer.utf8.count).elementsEqual(pointer.utf8) { throw error(.gitLFSPointer) }
            throw error(.headerTooLong(length: length, limit: SafetensorsHeader.longest))
        }
        guard Int(length) <= bytes.count - 8 else {
            throw error(.headerBeyondFile(length: length, size: bytes.count))
        }
        dataStart = 8 + Int(length)
        let text = UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart])
        let fields = try SafetensorsHeader.fields(in: text, file: file)

        var metadata: [String: String] = [:]
        var entries: [Entry] = []
        entries.reserveCapacity(fields.count)
        let dataSize = bytes.count - dataStart
        for (name, field) in fields {
            if name == SafetensorsHeader.metadataKey {
                metadata = try SafetensorsHeader.metadata(field, file: file)
            } else {
                let check = EntryCheck(file: file, name: name, description: field, dataSize: dataSize)
                entries.append(try check.entry())
            }
        }
        // By end too, so that empty tensors come before the tensor whose first byte they share.
        entries.sort {
            ($0.dataRange.lowerBound, $0.dataRange.upperBound, ExactString($0.name))
                < ($1.dataRange.lowerBound, $1.dataRange.upperBound, ExactString($1.name))
        }
        try SafetensorsHeader.checkCoverage(of: dataSize, by: entries, file: file)
        self.entries = entries
        self.metadata = metadata
    }

    static let metadataKey = "__metadata__"

    /// A header as long as may be has some 10 million values: ten a tensor, ten bytes each.
    private static var limits: JSONLimits {
        var limits = JSONLimits()
        limits.values = 10_000_000
        return limits
    }

    private static func fields(
        in text: UnsafeRawBufferPointer,
        file: String
    ) throws(SafetensorsError) -> [(name: String, field: JSONField)] {
        guard text.first == UInt8(ascii: "{") else {
            let found = text.first.map { "byte 0x" + String($0, radix: 16) } ?? "nothing (it is empty)"
            throw SafetensorsError(file: file, problem: .headerNotObject(found: found))
        }
        do throws(JSONError) {
            return try JSONField(parsing: Array(text), source: file, limits: limits).fields()
        } catch {
            throw SafetensorsError(file: file, error)
        }
    }

    private static func metadata(
        _ field: JSONField,
        file: String
    ) throws(SafetensorsError) -> [String: String] {
        if field.kind == .null { return [:] }
        guard field.kind == .object else {
            throw SafetensorsError(file: file, field.mismatch(expected: "an object of strings"))
        }
        do throws(JSONError) {
            var metadata: [String: String] = [:]
            for (key, value) in try field.fields() { metadata[key] = try value.string() }
            return metadata
        } catch {
            throw SafetensorsError(file: file, error)
        }
    }

    /// Each tensor must begin where the one before ended, and the last must end with the data.
    private static func checkCoverage(
        of dataSize: Int,
        by entries: [Entry],
        file: String
    ) throws(SafetensorsError) {
        var end = 0
        var previous = ""
        for entry in entries {
            let begin = entry.dataRange.lowerBound
            if begin < end {
                throw SafetensorsError(
                    file: file,
                    tensor: entry.name,
                    problem: .overlap(begin: begin, other: previous, otherEnd: end)
                )
            }
            if begin > end {
                throw SafetensorsError(file: file, problem: .hole(begin: end, end: begin))
            }
            end = entry.dataRange.upperBound
            previous = entry.name
        }
        if end < dataSize { throw SafetensorsError(file: file, problem: .hole(begin: end, end: dataSize)) }
    }
}

/// Checks one tensor's description on its own.
private struct EntryCheck {
    let file: String
    let name: String
    let description: JSONField
    let dataSize: Int

    func entry() throws(SafetensorsError) -> SafetensorsHeader.Entry {
        guard description.kind == .object else {
            throw error(.field(name: "description", expected: "an object", found: description.summary))
        }
        let dtype = try read("dtype", "a string") { (field) throws(JSONError) in try field.string() }
        guard let bits = SafetensorsDType.bitCount(named: dtype) else { throw error(.unknownDType(dtype)) }
        let shape = try counts("shape", "an array of whole numbers of at least 0")
        let offsets = try counts("data_offsets", "an array of two whole numbers of at least 0", count: 2)

        let (begin, end) = (offsets[0], offsets[1])
        guard begin <= end else { throw error(.reversedOffsets(begin: begin, end: end)) }
        guard end <= dataSize else { throw error(.beyondData(begin: begin, end: end, size: dataSize)) }
        var total = 1
        for factor in shape + [bits] {
            let (product, overflow) = total.multipliedReportingOverflow(by: factor)
            if overflow { throw error(.sizeOverflow(dtype: dtype, shape: shape)) }
            total = product
        }
        guard total % 8 == 0 else { throw error(.partialByte(dtype: dtype, shape: shape)) }
        guard end - begin == total / 8 else {
            throw error(
                .sizeMismatch(dtype: dtype, shape: shape, expected: total / 8, found: end - begin)
            )
        }
        return .init(name: name, dtypeName: dtype, shape: shape, dataRange: begin..<end)
    }

    /// An array of whole numbers that are not negative.
    private func counts(
        _ name: String,
        _ expected: String,
        count: Int? = nil
    ) throws(SafetensorsError) -> [Int] {
        let elements = try read(name, expected) { (field) throws(JSONError) in
            try field.elements(count: count)
        }
        var counts: [Int] = []
        counts.reserveCapacity(elements.count)
        for (place, element) in elements.enumerated() {
            do throws(JSONError) {
                counts.append(try element.count())
            } catch {
                throw self.error(
                    .field(
                        name: "\(name)[\(place)]",
                        expected: "a whole number of at least 0",
                        found: element.summary
                    )
                )
            }
        }
        return counts
    }

    /// A field of the description, as `body` reads it.
    private func read<Value>(
        _ name: String,
        _ expected: String,
        _ body: (JSONField) throws(JSONError) -> Value
    ) throws(SafetensorsError) -> Value {
        let field = try? description.member(name)
        guard let field, let value = try? body(field) else {
            throw error(.field(name: name, expected: expected, found: field?.summary ?? "no such field"))
        }
        return value
    }

    private func error(_ problem: SafetensorsError.Problem) -> SafetensorsError {
        SafetensorsError(file: file, tensor: name, problem: problem)
    }
}

extension SafetensorsError {
    /// The header as JSON is not what it should be.
    fileprivate init(file: String, _ error: JSONError) {
        switch error {
        case .syntax(_, _, _, let offset, let problem):
            self.init(file: file, problem: .headerNotJSON(offset: offset, problem: problem))
        case .field(_, let path, let expected, let found):
            self.init(file: file, problem: .field(name: path, expected: expected, found: found))
        }
    }
}
