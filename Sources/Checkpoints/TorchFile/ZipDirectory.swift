// The directory of a zip archive whose records are stored as they are: where each record's bytes lie in the file.
//
// Source: PKWARE, APPNOTE.TXT 6.3, sections 4.3 to 4.5 (with zip64), as far as torch.save uses it.
//
// Why not libtorch's PyTorchStreamReader: its constructor unpacks the record `version` before anybody can look at the
// directory; an archive of 1 MB takes 2 GB of memory and seconds that way. It also accepts records that overlap.
//
// Promises: only the directory and the records' headers are read; time and memory are proportional to the directory;
// every record lies wholly in the file and shares no byte with another or with the directory; packed and encrypted
// records, second names and several disks are refused. Checksums are not looked at: that would read all weights.

import JSON

/// Where the records of an archive are.
struct ZipDirectory: Sendable {
    /// The bytes of each record, by name, counted from the start of the file.
    let records: [ExactString: Range<Int>]

    /// More records than any real file has.
    static let most = 200_000

    init(parsing bytes: UnsafeRawBufferPointer, file: String) throws(TorchFileError) {
        let reader = ZipReader(bytes: bytes, file: file)
        let (directory, count) = try reader.directory()
        var entries = try reader.entries(in: directory, count: count)
        // A program is packed in part; that it is one is the better answer.
        if entries.contains(where: { $0.name.hasSuffix("/constants.pkl") }) {
            throw reader.error(.torchScript)
        }
        entries.sort { ($0.start, $0.data.upperBound) < ($1.start, $1.data.upperBound) }
        var records: [ExactString: Range<Int>] = [:]
        records.reserveCapacity(entries.count)
        var previous: ZipReader.Entry?
        for entry in entries {
            if let previous, entry.start < previous.data.upperBound {
                throw reader.error(entry.name, .overlap(other: previous.name))
            }
            if let packed = entry.packed { throw reader.error(entry.name, packed) }
            guard records.updateValue(entry.data, forKey: ExactString(entry.name)) == nil else {
                throw reader.error(entry.name, .twice)
            }
            previous = entry
        }
        self.records = records
    }
}

private struct ZipReader {
    struct Entry {
        let name: String
        /// Where its own header begins.
        let start: Int
        let data: Range<Int>
        /// Why its bytes are not what was saved.
        let packed: TorchFileError.Problem?
    }

    let bytes: UnsafeRawBufferPointer
    let file: String

    /// Where the directory is and how many records it says it has.
    func directory() throws(TorchFileError) -> (Range<Int>, UInt64) {
        let end = try endRecord()
        var count = UInt64(int16(end + 10))
        var size = UInt64(int32(end + 12))
        var start = UInt64(int32(end + 16))
        var limit = end
        guard int16(end + 4) == 0, int16(end + 6) == 0 else {
            throw error(.archive("it spans several disks"))
        }
        let locator = end - 20
        if locator >= 0, int32(locator) == 0x0706_4b50 {
            let place = int64(locator + 8)
            guard locator >= 56, place <= UInt64(locator - 56), int32(Int(place)) == 0x0606_4b50 else {
                throw error(.archive("its zip64 end record is not where its locator says"))
            }
            limit = Int(place)
            count = int64(limit + 32)
            size = int64(limit + 40)
            start = int64(limit + 48)
        }
        let (stop, overflow) = start.addingReportingOverflow(size)
        guard !overflow, stop == UInt64(limit) else {
            throw error(
                .archive(
                    "its directory of \(size) bytes at byte \(start) does not end at byte \(limit), where it must"
                )
            )
        }
        guard count <= UInt64(ZipDirectory.most) else {
            throw error(.tooManyRecords(count: count, limit: ZipDirectory.most))
        }
        return (Int(start)..<limit, count)
    }

    /// Where the last record begins: 22 bytes, and a comment that reaches to the end of the file.
    private func endRecord() throws(TorchFileError) -> Int {
        var place = bytes.count - 22
        let first = max(0, place - Int(UInt16.max))
        while place >= first {
            if int32(place) == 0x0605_4b50, place + 22 + Int(int16(place + 20)) == bytes.count {
                return place
            }
            place -= 1
        }
        throw error(.notAnArchive)
    }

    func entries(in directory: Range<Int>, count: UInt64) throws(TorchFileError) -> [Entry] {
        var entries: [Entry] = []
        var place = directory.lowerBound
        while place < directory.upperBound {
            let (entry, next) = try entry(at: place, number: entries.count, in: directory)
            entries.append(entry)
            place = next
        }
        guard UInt64(entries.count) == count else {
            throw error(.archive("its directory has \(entries.count) records and says that it has \(count)"))
        }
        return entries
    }

    private func entry(
        at place: Int,
        number: Int,
        in directory: Range<Int>
    ) throws(TorchFileError) -> (Entry, next: Int) {
        guard place + 46 <= directory.upperBound, int32(place) == 0x0201_4b50 else {
            throw error(.archive("entry \(number) of its directory does not begin as one"))
        }
        let nameEnd = place + 46 + Int(int16(place + 28))
        let extraEnd = nameEnd + Int(int16(place + 30))
        let next = extraEnd + Int(int16(place + 32))
        guard next <= directory.upperBound else {
            throw error(.archive("entry \(number) of its directory goes beyond the directory"))
        }
        guard let name = String(validating: bytes[place + 46..<nameEnd], as: UTF8.self) else {
            throw error(.archive("the name of entry \(number) of its directory is not UTF-8"))
        }
        var unpacked = UInt64(int32(place + 24))
        var size = UInt64(int32(place + 20))
        var start = UInt64(int32(place + 42))
        var wide = try zip64(in: nameEnd..<extraEnd, of: name)[...]
        func widen(_ value: inout UInt64) throws(TorchFileError) {
            guard value == UInt32.max else { return }
            guard let next = wide.popFirst() else {
                throw error(name, .archive("its zip64 field is missing"))
            }
            value = next
        }
        try widen(&unpacked)
        try widen(&size)
        try widen(&start)
        guard int16(place + 8) & 1 == 0 else { throw error(name, .archive("it is encrypted")) }
        let method = Int(int16(place + 10))
        let packed: TorchFileError.Problem? =
            method == 0 && size == unpacked
            ? nil : .compressed(method: method, size: size, unpacked: unpacked)
        let data = try data(of: name, header: start, size: size, before: directory.lowerBound)
        return (Entry(name: name, start: Int(start), data: data, packed: packed), next)
    }

    /// Where a record's bytes are, by the header in front of them.
    private func data(
        of name: String,
        header start: UInt64,
        size: UInt64,
        before limit: Int
    ) throws(TorchFileError) -> Range<Int> {
        guard limit >= 30, start <= UInt64(limit - 30), int32(Int(start)) == 0x0403_4b50 else {
            throw error(name, .archive("no record begins at byte \(start), where the directory says"))
        }
        let header = Int(start)
        let nameEnd = header + 30 + Int(int16(header + 26))
        let from = nameEnd + Int(int16(header + 28))
        let (end, overflow) = UInt64(from).addingReportingOverflow(size)
        guard !overflow, end <= UInt64(limit) else {
            throw error(name, .beyondFile(end: overflow ? .max : end, size: limit))
        }
        guard bytes[header + 30..<nameEnd].elementsEqual(name.utf8) else {
            throw error(name, .archive("its own header says otherwise than the directory"))
        }
        return from..<Int(end)
    }

    /// The numbers of the zip64 field, of which there are as many as were too wide for their places.
    private func zip64(in extra: Range<Int>, of name: String) throws(TorchFileError) -> [UInt64] {
        var place = extra.lowerBound
        while place + 4 <= extra.upperBound {
            let end = place + 4 + Int(int16(place + 2))
            guard end <= extra.upperBound else { break }
            if int16(place) == 1 {
                return stride(from: place + 4, to: end - 7, by: 8).map { int64($0) }
            }
            place = end
        }
        return []
    }

    private func int16(_ place: Int) -> UInt16 {
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self))
    }

    private func int32(_ place: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    private func int64(_ place: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    func error(_ problem: TorchFileError.Problem) -> TorchFileError {
        TorchFileError(file: file, problem: problem)
    }

    func error(_ name: String, _ problem: TorchFileError.Problem) -> TorchFileError {
        TorchFileError(file: file, place: TorchFileError.record(name), problem: problem)
    }
}
