// From the shim's status to Swift: the one place where a failed operation ends.
import CTorch
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What an operation takes part in when it fails: its name and the shapes it was given.
struct Operation {
    var name: String
    var operands: [Tensor] = []

    /// One paragraph: the operation, the operands' shapes and types, libtorch's words.
    func describe(_ words: String) -> String {
        let shapes = operands.map { "\($0.shape) \($0.dtype)" }.joined(separator: ", ")
        return shapes.isEmpty ? "\(name): \(words)" : "\(name) of \(shapes): \(words)"
    }
}

/// Traps when a call failed: a shape or type that does not fit is a mistake of the program. Memory running out
/// is not; it ends the process in order, with a message and exit code 1.
@inline(__always)
func check(
    _ status: ct_status,
    _ name: @autoclosure () -> String,
    _ operands: @autoclosure () -> [Tensor] = []
) {
    if status != CT_OK { fail(status, Operation(name: name(), operands: operands())) }
}

private func fail(_ status: ct_status, _ operation: Operation) -> Never {
    let words = String(cString: ct_last_message())
    guard status == CT_OUT_OF_MEMORY else {
        fatalError(operation.describe(words))
    }
    Memory.exhausted(operation.describe(words))
}

/// What happens when memory runs out in the middle of an operation.
public enum Memory {
    private static let handler = Mutex<@Sendable (String) -> Never> { detail in
        let text = "error: out of memory in \(detail)\n"
        _ = write(STDERR_FILENO, text, text.utf8.count)
        exit(1)
    }

    /// Replaces the last word: `handler` gets the operation and its shapes and ends the process. A program
    /// names its own remedies here. Without one the process prints the operation and exits with 1.
    public static func onExhaustion(_ handler: @escaping @Sendable (String) -> Never) {
        self.handler.withLock { $0 = handler }
    }

    static func exhausted(_ detail: String) -> Never {
        handler.withLock { $0 }(detail)
    }
}

/// Runs a call that makes one tensor.
@inline(__always)
func make(
    _ name: @autoclosure () -> String,
    _ operands: @autoclosure () -> [Tensor] = [],
    _ call: (UnsafeMutablePointer<ct_tensor?>) -> ct_status
) -> Tensor {
    var out: ct_tensor?
    check(call(&out), name(), operands())
    return Tensor(TensorHandle(unwrap(out)))
}

/// Runs a call that makes two tensors.
@inline(__always)
func makePair(
    _ name: @autoclosure () -> String,
    _ operands: @autoclosure () -> [Tensor] = [],
    _ call: (UnsafeMutablePointer<ct_tensor?>, UnsafeMutablePointer<ct_tensor?>) -> ct_status
) -> (Tensor, Tensor) {
    var first: ct_tensor?
    var second: ct_tensor?
    check(call(&first, &second), name(), operands())
    return (Tensor(TensorHandle(unwrap(first))), Tensor(TensorHandle(unwrap(second))))
}

func unwrap(_ raw: ct_tensor?) -> ct_tensor {
    guard let raw else { preconditionFailure("the shim returned CT_OK without a tensor") }
    return raw
}

/// The handles of a list of tensors, kept alive during `body`.
func withHandles<Result>(
    _ tensors: [Tensor],
    _ body: (UnsafePointer<ct_tensor?>?, Int) -> Result
) -> Result {
    let raws: [ct_tensor?] = tensors.map(\.raw)
    return withExtendedLifetime(tensors) {
        raws.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
}

func int64(_ values: [Int]) -> [Int64] {
    values.map { Int64($0) }
}
