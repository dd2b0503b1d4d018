// Work that cannot fit in memory is refused before it starts, with the estimate and what would fit.
import Foundation
import Testing

@Suite struct MemoryTests {
    let program: Program

    init() throws {
        program = try Program()
    }

    /// A GPT-NeoX model of this shape, its weights a hole in a file.
    private func writeModel(layers: Int, width: Int, vocabulary: Int) throws -> String {
        let directory = program.directory.appending(path: "big")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        _ = try program.write(
            """
            {"model_type": "gpt_neox", "hidden_size": \(width), "num_attention_heads": 16, "num_hidden_layers": \(layers),
            "intermediate_size": \(4 * width), "vocab_size": \(vocabulary), "max_position_embeddings": 2048}
            """,
            to: "big/config.json"
        )
        var fields: [String] = []
        var end = 0
        func add(_ name: String, _ rows: Int, _ columns: Int) {
            let start = end
            end += 2 * rows * columns
            fields.append(
                #""\#(name)": {"dtype": "F16", "shape": [\#(rows), \#(columns)], "data_offsets": [\#(start), \#(end)]}"#
            )
        }
        add("gpt_neox.embed_in.weight", vocabulary, width)
        add("embed_out.weight", vocabulary, width)
        for layer in 0..<layers { add("gpt_neox.layers.\(layer).all", 12 * width, width) }
        let header = Data("{\(fields.joined(separator: ", "))}".utf8)
        let url = directory.appending(path: "model.safetensors")
        try (withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header).write(to: url)
        let file = try FileHandle(forWritingTo: url)
        try file.truncate(atOffset: UInt64(8 + header.count + end))
        try file.close()
        return "big"
    }

    private func failure(_ arguments: String) throws -> String {
        let finished = try program.shell("$INDUCT scan --json \(arguments)")
        #expect(finished.status == 1 && finished.output.isEmpty)
        return finished.errors
    }

    @Test func weightsThatDoNotFit() throws {
        // 2000 blocks of 201 MB in float32.
        let model = try writeModel(layers: 2000, width: 2048, vocabulary: 1000)
        let message = try failure("--model \(model)")
        #expect(message.hasPrefix("error: big needs 402.67 GB for its weights in float32, "))
        #expect(message.contains(" GB of memory are free. What fits: --memory-saver (0.22 GB), "))
        #expect(message.hasSuffix("--memory-saver --dtype bfloat16 (0.11 GB).\n"))
        let half = try failure("--model \(model) --dtype bfloat16")
        #expect(half.hasPrefix("error: big needs 201.33 GB for its weights in bfloat16, "))
        #expect(half.hasSuffix("What fits: --memory-saver (0.11 GB).\n"))
    }

    @Test func weightsThatFitInNoWay() throws {
        let model = try writeModel(layers: 1, width: 65_536, vocabulary: 10_000_000)
        #expect(
            try failure("--model \(model)").hasSuffix(
                "No way to load it fits: free memory, or use a smaller model.\n"
            )
        )
    }
}
