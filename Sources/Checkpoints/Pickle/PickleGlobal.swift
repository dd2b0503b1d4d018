// The names that a pickle may mention, and what they mean here. None of them is ever called: a call of one becomes a
// value that says which name and which arguments (`PickleNode.object`), and a reader of tensors interprets it.

/// A function or class on the list.
enum PickleGlobal: Equatable, Sendable {
    /// Becomes a dictionary.
    case orderedDict
    /// `(storage, offset, size, stride, …)`; the third version adds the element type at the end.
    case rebuildTensor(version: Int)
    /// `(tensor, …)`
    case rebuildParameter
    /// The type of a storage; nil where it is plain bytes.
    case storage(TorchElement?)
    /// An element type, such as `torch.float16`.
    case element(TorchElement)
    /// A value that is carried and not looked into: sizes, devices, NumPy's scalars in logs beside the weights.
    case inert

    /// The name's meaning; nil for any name that is not on the list.
    init?(_ name: String) {
        switch name {
        case "collections.OrderedDict": self = .orderedDict
        case "torch._utils._rebuild_tensor": self = .rebuildTensor(version: 1)
        case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor(version: 2)
        case "torch._utils._rebuild_tensor_v3": self = .rebuildTensor(version: 3)
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
            self = .rebuildParameter
        case "torch.storage.UntypedStorage", "torch.UntypedStorage": self = .storage(nil)
        case "torch.Size", "torch.device", "numpy.dtype", "numpy.core.multiarray.scalar",
            "numpy._core.multiarray.scalar", "_codecs.encode":
            self = .inert
        default:
            guard name.hasPrefix("torch.") else { return nil }
            let rest = String(name.dropFirst("torch.".count))
            if let element = TorchElement(rawValue: rest) {
                self = .element(element)
            } else if let element = TorchElement.allCases.first(where: { $0.storageName == rest }) {
                self = .storage(element)
            } else {
                return nil
            }
        }
    }
}
