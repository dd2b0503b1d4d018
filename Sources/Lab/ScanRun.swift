// A scan with a receipt: what it was asked of which model, so that it can be done again.
import Checkpoints
import Foundation
import Induction
import JSON
public import Runs
public import Torch
import Transformers

/// A scan of one model, opened; nothing has been computed.
public struct ScanRun {
    /// What a receipt says is asked: the scan, and how the model runs.
    struct Asked: Codable {
        var model: String
        var scan: Scan
        var device: String
        var dtype: String
        var savesMemory: Bool
    }

    /// The name of the command in receipts.
    public static let command = "scan"

    private let asked: Asked
    private let opened: OpenedModel

    /// A scan of a model.
    public init(
        _ scan: Scan,
        of opened: OpenedModel,
        named name: String,
        device: Device,
        dtype: DType,
        savesMemory: Bool
    ) {
        self.opened = opened
        asked = Asked(
            model: name,
            scan: scan,
            device: device.kind.rawValue,
            dtype: dtype.rawValue,
            savesMemory: savesMemory
        )
    }

    /// What a receipt says: hashes the model's files.
    ///
    /// - Throws: `FileError`, and what is wrong with the prompts.
    public func question() throws -> Receipt.Question {
        let scan = asked.scan
        let tokens = try scan.prompts.tokens(for: opened, prependsBOS: scan.prependsBOS)
        let device = Device.Kind(rawValue: asked.device).map { Device(kind: $0) } ?? .best
        return Receipt.Question(
            command: Self.command,
            experiment: try JSONValue(encoding: asked),
            seed: scan.seed,
            inputs: [
                try opened.receiptInput(),
                Receipt.Input(
                    role: "tokens",
                    name: opened.name,
                    files: [FileDigest(ofTokens: tokens.rows, name: "tokens")]
                ),
            ],
            environment: .this(device: device, dtype: asked.dtype)
        )
    }

    /// The scan of a receipt.
    ///
    /// - Throws: `DecodingError` where it is none, and what is wrong with the model.
    public init(_ receipt: Receipt, reporting report: FetchReport = FetchReport()) throws {
        let asked = try receipt.question.experiment.decoded(as: Asked.self)
        guard let dtype = DType(rawValue: asked.dtype) else { throw ModelError.noDType(asked.dtype) }
        self.init(
            asked.scan,
            of: try OpenedModel(asked.model, reporting: report),
            named: asked.model,
            device: Device.Kind(rawValue: asked.device).map { Device(kind: $0) } ?? .best,
            dtype: dtype,
            savesMemory: asked.savesMemory
        )
    }

    /// Does the scan and writes scan.json, if there is a run to write to.
    ///
    /// - Parameter progress: called with the number of prompts done and their total.
    /// - Throws: `MemoryError`, `FileError`, and what is wrong with the weights.
    public func result(
        in run: Run?,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> (result: ScanResult, model: LoadedModel) {
        guard let dtype = DType(rawValue: asked.dtype) else { throw ModelError.noDType(asked.dtype) }
        let model = try opened.load(
            dtype: dtype,
            device: Device.Kind(rawValue: asked.device).map { Device(kind: $0) },
            isResident: !asked.savesMemory
        )
        let result = try asked.scan.run(on: model, progress: progress)
        try run?.part(Self.command) { try $0.write(result.json(), to: "scan.json") }
        return (result, model)
    }
}
