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
        let object = try SafetensorsHeader.object(in: text, file: file)

        var metadata: [String: String] = [:]
        var entries: [Entry] = []
        entries.reserveCapacity(object.count)
        let dataSize = bytes.count - dataStart
        for (name, value) in zip(object.names, object.values) {
            if name == SafetensorsHeader.metadataKey {
                metadata = try SafetensorsHeader.metadata(value, file: file)
            } else {
                let check = EntryCheck(file: file, name: name, dataSize: dataSize)
                entries.append(try check.entry(value))
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

    private static func object(
        in text: UnsafeRawBufferPointer,
        file: String
    ) throws(SafetensorsError) -> JSONObject {
        guard text.first == UInt8(ascii: "{") else {
            let found = text.first.map { "byte 0x" + String($0, radix: 16) } ?? "nothing (it is empty)"
            throw SafetensorsError(file: file, problem: .headerNotObject(found: found))
        }
        do throws(JSONScanner.Failure) {
            if case .object(let object) = try JSONScanner.scan(text, limits: JSONScanner.Limits()) {
                return object
            }
            return JSONObject()
        } catch {
            throw SafetensorsError(
                file: file,
                problem: .headerNotJSON(offset: error.offset, problem: error.problem)
            )
        }
    }

    private static func metadata(
        _ value: JSONValue,
        file: String
    ) throws(SafetensorsError) -> [String: String] {
        func error(_ name: String, expected: String, _ found: JSONValue) -> SafetensorsError {
            let problem = SafetensorsError.Problem.field(
                name: name,
                expected: expected,
                found: found.summary
            )
            return SafetensorsError(file: file, problem: problem)
        }
        if value == .null { return [:] }
        guard case .object(let object) = value else {
            throw error(metadataKey, expected: "an object of strings", value)
        }
        var metadata: [String: String] = [:]
        for (key, value) in zip(object.names, object.values) {
            guard case .string(let string) = value else {
                throw error("\(metadataKey).\(Quoted.shortened(key))", expected: "a string", value)
            }
            metadata[key] = string
        }
        return metadata
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
    let dataSize: Int

    func entry(_ value: JSONValue) throws(SafetensorsError) -> SafetensorsHeader.Entry {
        guard case .object(let object) = value else {
            throw error(.field(name: "description", expected: "an object", found: value.summary))
        }
        guard case .string(let dtype)? = object["dtype"] else {
            throw mismatch(object, "dtype", expected: "a string")
        }
        guard let bits = SafetensorsDType.bitCount(named: dtype) else { throw error(.unknownDType(dtype)) }
        let shape = try counts(object, "shape", expected: "an array of whole numbers of at least 0")
        let expectedOffsets = "an array of two whole numbers of at least 0"
        let offsets = try counts(object, "data_offsets", expected: expectedOffsets)
        guard offsets.count == 2 else { throw mismatch(object, "data_offsets", expected: expectedOffsets) }

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
        _ object: JSONObject,
        _ field: String,
        expected: String
    ) throws(SafetensorsError) -> [Int] {
        guard case .array(let values)? = object[field] else {
            throw mismatch(object, field, expected: expected)
        }
        var counts: [Int] = []
        counts.reserveCapacity(values.count)
        for (place, value) in values.enumerated() {
            // "-0" is not a count either, though its value is 0.
            guard case .number(let number) = value, let count = number.int, !number.text.hasPrefix("-") else {
                throw error(
                    .field(
                        name: "\(field)[\(place)]",
                        expected: "a whole number of at least 0",
                        found: value.summary
                    )
                )
            }
            counts.append(count)
        }
        return counts
    }

    private func mismatch(_ object: JSONObject, _ field: String, expected: String) -> SafetensorsError {
        let found = object[field]?.summary ?? "no such field"
        return error(.field(name: field, expected: expected, found: found))
    }

    private func error(_ problem: SafetensorsError.Problem) -> SafetensorsError {
        SafetensorsError(file: file, tensor: name, problem: problem)
    }
}
