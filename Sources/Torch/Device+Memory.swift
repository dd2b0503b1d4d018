// How much memory there is left.
import Foundation

extension Device {
    /// Bytes that this process can still take without pushing anything out: of the processor's memory, what the system
    /// calls available, no more than the control group's limit leaves. nil where the system does not tell, and for other
    /// devices.
    public var freeMemory: Int? {
        guard kind == .cpu else { return nil }
        return [Self.systemMemory, Self.controlGroupMemory].compactMap(\.self).min()
    }

    /// `MemAvailable` of Linux: free memory and caches that can be dropped.
    private static var systemMemory: Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        guard let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            return nil
        }
        return kilobytes << 10
    }

    /// What a container may still take, if it has a limit.
    private static var controlGroupMemory: Int? {
        func number(_ name: String) -> Int? {
            let text = try? String(contentsOfFile: "/sys/fs/cgroup/" + name, encoding: .utf8)
            return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        guard let limit = number("memory.max"), let used = number("memory.current") else { return nil }
        return max(limit - used, 0)
    }
}
