// A regular file mapped into memory for reading.
//
// Promises: nothing is read until it is touched; `release` gives pages back, so that weights can be read in
// sequence with little resident memory; directories, pipes, sockets and devices are refused.
//
// What it cannot promise: if another program shortens the file while it is mapped, touching the lost part
// ends the process with SIGBUS. No reader by map can prevent that; files that people edit are read with
// `FileContents` instead, and writers of this project replace files by rename, which leaves old maps whole.

public import Foundation

/// A read-only map of a whole regular file; unmapped when the last reference goes.
public final class MappedFile: @unchecked Sendable {
    // @unchecked: the memory behind `base` is never written through this map, and all fields are constants.

    /// Where the file is.
    public let url: URL
    /// Its size in bytes when it was opened.
    public let count: Int
    private let base: UnsafeRawPointer?

    /// Maps the file; throws ``FileError`` if that cannot be done. An empty file is allowed.
    public init(_ url: URL) throws {
        let path = SystemCall.path(of: url)
        let (descriptor, size) = try openRegularFile(path)
        // The map keeps the file; the descriptor is no longer needed.
        defer { close(descriptor) }
        self.url = url
        count = size
        if size == 0 {
            base = nil
        } else {
            let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
            guard let address, address != MAP_FAILED else {
                throw FileError(path: path, operation: .read, code: errno)
            }
            base = UnsafeRawPointer(address)
        }
    }

    deinit {
        if let base { munmap(UnsafeMutableRawPointer(mutating: base), count) }
    }

    /// All bytes. Valid as long as this object lives: prefer ``withUnsafeBytes(_:)``, which keeps it alive.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Calls `body` with all bytes.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    /// Calls `body` with the bytes of `range`, which must lie inside the file.
    public func withUnsafeBytes<Result, Failure: Error>(
        in range: Range<Int>,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        checkBounds(range)
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    /// Gives back the memory of the pages that lie wholly inside `range`. Their bytes stay readable: they are
    /// fetched again when touched.
    public func release(_ range: Range<Int>) {
        checkBounds(range)
        let page = MappedFile.pageSize
        let start = (range.lowerBound + page - 1) / page * page
        // The last page of the map belongs to this file alone, even if the file fills only part of it.
        let end = range.upperBound == count ? count : range.upperBound / page * page
        advise(start..<max(start, end), MADV_DONTNEED)
    }

    /// Tells the system that `range` will be read soon, so that it may start now.
    public func willNeed(_ range: Range<Int>) {
        checkBounds(range)
        let start = range.lowerBound / MappedFile.pageSize * MappedFile.pageSize
        advise(start..<max(start, range.upperBound), MADV_WILLNEED)
    }

    /// Tells the system that the file will be read from front to back, so that it reads ahead further.
    public func expectSequentialReads() {
        advise(0..<count, MADV_SEQUENTIAL)
    }

    static let pageSize = max(1, Int(sysconf(Int32(_SC_PAGESIZE))))

    /// `range` starts on a page. Advice that the system does not take changes speed, never results.
    private func advise(_ range: Range<Int>, _ advice: Int32) {
        guard let base, !range.isEmpty else { return }
        _ = madvise(UnsafeMutableRawPointer(mutating: base + range.lowerBound), range.count, Int32(advice))
    }

    private func checkBounds(_ range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "bytes \(range) of \(url.path), which has \(count)"
        )
    }
}
