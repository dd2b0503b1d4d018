// What a result may depend on beside its inputs: floating-point sums are added in another order on another kind of CPU,
// by another build of libtorch, by another number of threads.

import Foundation

/// The program and the machine.
public struct RunEnvironment: Equatable, Sendable {
    /// Version of induct.
    public var induct: String
    /// Version of libtorch.
    public var libtorch: String
    /// Name of the operating system, and the kind of processor that it runs on.
    public var system: String
    /// Model of the CPU, as it calls itself.
    public var cpu: String
    /// Where tensors were: `cpu`, `cuda`, `mps`.
    public var device: String
    /// Threads that one operation might use.
    public var threads: Int
    /// Type of weights and activations.
    public var dtype: String

    /// This machine.
    public init(induct: String, libtorch: String, device: String, threads: Int, dtype: String) {
        self.init(
            induct: induct,
            libtorch: libtorch,
            system: RunEnvironment.thisSystem,
            cpu: RunEnvironment.thisCPU,
            device: device,
            threads: threads,
            dtype: dtype
        )
    }

    /// All fields.
    public init(
        induct: String,
        libtorch: String,
        system: String,
        cpu: String,
        device: String,
        threads: Int,
        dtype: String
    ) {
        self.induct = induct
        self.libtorch = libtorch
        self.system = system
        self.cpu = cpu
        self.device = device
        self.threads = threads
        self.dtype = dtype
    }

    /// Such as `Debian GNU/Linux 12 (bookworm), x86_64`. Without the kernel's version: results do not depend on it, and a
    /// run must be able to go on after an update.
    static var thisSystem: String {
        "\(systemName), \(machine)"
    }

    private static var machine: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        return withUnsafeBytes(of: names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    #if os(macOS)
    private static var systemName: String {
        let version = ProcessInfo.processInfo.operatingSystemVersion
        return "macOS \(version.majorVersion).\(version.minorVersion)"
    }

    static var thisCPU: String {
        var text = [CChar](repeating: 0, count: 256)
        var size = text.count
        guard sysctlbyname("machdep.cpu.brand_string", &text, &size, nil, 0) == 0 else { return "unknown" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    #else
    private static var systemName: String {
        let name = value(of: "PRETTY_NAME", separator: "=", in: "/etc/os-release") ?? "Linux"
        return name.trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
    }

    static var thisCPU: String {
        value(of: "model name", separator: ":", in: "/proc/cpuinfo") ?? "unknown"
    }

    /// The first value of a name in a file of `name<separator>value` lines.
    private static func value(of name: String, separator: Character, in path: String) -> String? {
        // Not FileContents: files of /proc have size 0.
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name {
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }
    #endif
}
