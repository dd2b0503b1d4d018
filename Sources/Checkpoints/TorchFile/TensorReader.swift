// What a pickle says about a tensor, taken apart: which storage, which part of it, in which shape.
//
// Promises: numbers are whole and not negative, axes are at most 64; whether they fit the storage is for whoever knows
// the storage (`TorchFile`). Source: PyTorch, `torch._utils._rebuild_tensor_v2` and its siblings.

/// Takes a tensor's description apart.
struct TensorReader {
    /// What the calls that would make the tensor were given.
    struct Parts {
        /// Which storage.
        var key: String
        /// Units that the storage says it has, and bytes of one: elements, or plain bytes.
        var count: Int
        var unit: Int
        var element: TorchElement
        var offset: Int
        var shape: [Int]
        var strides: [Int]
    }

    let pickle: Pickle
    let file: String
    let name: String

    func parts(of field: PickleField) throws(TorchFileError) -> Parts {
        var node = field.node
        // A parameter is a tensor and remarks.
        if case .object(.rebuildParameter, let arguments) = node {
            guard let inner = tuple(arguments)?.first else {
                throw error(.tensor(part: "parameter", expected: "a tensor", found: "nothing"))
            }
            node = pickle.nodes[Int(inner)]
        }
        guard case .object(.rebuildTensor(let version), let place) = node, let arguments = tuple(place) else {
            throw error(.tensor(part: "value", expected: "a tensor", found: field.summary))
        }
        let needed = [1: 4, 2: 6, 3: 7][version] ?? 4
        guard arguments.count >= needed else {
            throw error(
                .tensor(part: "arguments", expected: "at least \(needed)", found: "\(arguments.count)")
            )
        }
        // Flags that say how to read the numbers, such as with the opposite sign. Weights have none.
        if version == 2, arguments.count > 6, case .dictionary(let flags) = pickle.nodes[Int(arguments[6])],
            !flags.isEmpty
        {
            throw error(.tensor(part: "metadata", expected: "none", found: summary(arguments[6])))
        }
        let storage = try storage(arguments[0])
        let element: TorchElement
        if version == 3 {
            guard case .global(.element(let given)) = pickle.nodes[Int(arguments[6])] else {
                throw error(.tensor(part: "dtype", expected: "an element type", found: summary(arguments[6])))
            }
            element = given
        } else if let given = storage.element {
            element = given
        } else {
            throw error(
                .tensor(part: "dtype", expected: "a storage with an element type", found: "plain bytes")
            )
        }
        let shape = try counts(arguments[2], "size")
        let strides = try counts(arguments[3], "stride")
        guard shape.count == strides.count else {
            throw error(
                .tensor(
                    part: "stride",
                    expected: "\(shape.count) numbers, as size has",
                    found: "\(strides.count)"
                )
            )
        }
        return Parts(
            key: storage.key,
            count: storage.count,
            unit: storage.element?.byteCount ?? 1,
            element: element,
            offset: try count(arguments[1], "storage_offset"),
            shape: shape,
            strides: strides
        )
    }

    /// `("storage", type, key, device, count)`
    private func storage(
        _ index: Int32
    ) throws(TorchFileError) -> (key: String, count: Int, element: TorchElement?) {
        guard case .persistent(let id) = pickle.nodes[Int(index)], let parts = tuple(id), parts.count == 5,
            case .string(let kind) = pickle.nodes[Int(parts[0])], pickle.text(kind) == "storage",
            case .global(.storage(let element)) = pickle.nodes[Int(parts[1])],
            case .string(let key) = pickle.nodes[Int(parts[2])], key.count <= PickleField.longestText
        else {
            throw error(
                .tensor(
                    part: "storage",
                    expected: "the five parts of a storage's id",
                    found: summary(index)
                )
            )
        }
        return (pickle.text(key), try count(parts[4], "storage size"), element)
    }

    private func tuple(_ index: Int32) -> [Int32]? {
        guard case .tuple(let elements) = pickle.nodes[Int(index)] else { return nil }
        return elements
    }

    /// A tuple of numbers, one an axis; PyTorch has at most 64 axes. `torch.Size` is a tuple too.
    private func counts(_ index: Int32, _ part: String) throws(TorchFileError) -> [Int] {
        var elements = tuple(index)
        if case .object(.inert, let arguments) = pickle.nodes[Int(index)], let inner = tuple(arguments)?.first
        {
            elements = tuple(inner)
        }
        guard let elements, elements.count <= 64 else {
            throw error(.tensor(part: part, expected: "a tuple of at most 64 numbers", found: summary(index)))
        }
        var counts: [Int] = []
        for element in elements { counts.append(try count(element, part)) }
        return counts
    }

    private func count(_ index: Int32, _ part: String) throws(TorchFileError) -> Int {
        guard case .int(let count) = pickle.nodes[Int(index)], count >= 0 else {
            throw error(.tensor(part: part, expected: "a whole number of at least 0", found: summary(index)))
        }
        return count
    }

    private func summary(_ index: Int32) -> String {
        PickleField(pickle: pickle, index: index, path: "").summary
    }

    func error(_ problem: TorchFileError.Problem) -> TorchFileError {
        TorchFileError(file: file, place: TorchFileError.tensor(name), problem: problem)
    }
}
