// The first step of path patching: what receivers read when one sender has changed and no other head has noticed.
import Torch
import Transformers

/// One sender and the receivers in later layers.
struct PathFan {
    let sender: Head
    let receivers: [PathReceiver]
    /// The sites that hold what the receivers read, each once.
    let sites: [Site]
    /// The layers, from the sender's on, whose writes reach a receiver.
    let layers: Range<Int>

    init(sender: Head, receivers: [PathReceiver], config: TransformerConfig) {
        self.sender = sender
        self.receivers = receivers.filter { $0.layer(in: config) > sender.layer }
        let read = Set(
            self.receivers.flatMap { receiver in
                let selector = receiver.selector(in: config)
                return (selector.layers ?? []).map { Site(selector.kind, layer: $0) }
            }
        )
        sites = config.sites.filter(read.contains)
        let end = self.receivers.map { $0.layer(in: config) }.max() ?? sender.layer
        layers = sender.layer..<end
    }
}

/// Runs of some prompts in which one head changes and the others are frozen.
struct FrozenRuns {
    private let model: Transformer
    private let chunk: RunPair.Chunk
    private let fans: [PathFan]
    private let freezesMLPs: Bool
    private let positions: [Int]?
    private let base: Recording
    private let other: Recording

    init(
        _ model: Transformer,
        _ chunk: RunPair.Chunk,
        _ fans: [PathFan],
        _ mlps: MLPMode,
        _ positions: [Int]?
    ) throws {
        self.model = model
        self.chunk = chunk
        self.fans = fans
        self.positions = chunk.existing(positions)
        freezesMLPs = mlps == .frozen && !model.config.isAttentionOnly
        let layers = Set(fans.flatMap(\.layers)).sorted()
        let kept: [Selector] = [.z.layers(layers)] + (freezesMLPs ? [.mlpOut.layers(layers)] : [])
        base = try model.run(chunk.base, recording: kept, logits: .none)
        let senders = Set(fans.map(\.sender.layer)).sorted()
        other = try model.run(chunk.other, recording: [.z.layers(senders)], logits: .none)
    }

    /// What the receivers read when the sender has written what it wrote in the other run.
    func receive(from fan: PathFan) throws -> Recording {
        var edits = [Intervention.replace(.z.layers(fan.layers), from: base)]
        if freezesMLPs { edits.append(.replace(.mlpOut.layers(fan.layers), from: base)) }
        var sent = Selector.z.head(fan.sender)
        sent.positions = positions
        if positions != [] { edits.append(.replace(sent, from: other)) }
        return try model.run(
            chunk.base,
            applying: edits,
            recording: fan.sites.map { Selector($0) },
            logits: .none
        )
    }

    /// Senders, in order, as many at a time as have recordings that fit into so many bytes, but at least one.
    func groups(within budget: Int) -> [[PathFan]] {
        var groups: [[PathFan]] = []
        var taken = 0
        for fan in fans {
            let shapes = fan.sites.map {
                $0.shape(in: model.config, batch: chunk.base.count, positions: chunk.base.length)
            }
            let bytes = shapes.reduce(0) { $0 + $1.reduce(model.dtype.size, *) }
            if groups.isEmpty || taken + bytes > budget {
                groups.append([])
                taken = 0
            }
            groups[groups.count - 1].append(fan)
            taken += bytes
        }
        return groups
    }
}
