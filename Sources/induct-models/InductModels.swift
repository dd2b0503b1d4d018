// Trains the bundled models and writes them: `make models`.
import Files
import Formation
import Foundation
import Tokenizers
import Torch
import Transformers

/// `induct-models DIRECTORY`: trains each model of words and writes it to a directory of its name.
/// `induct-models DIRECTORY MODEL`: writes the final model of `induct train --preset shakespeare-char` there, in float16.
@main
enum InductModels {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard (2...3).contains(arguments.count) else {
            FileHandle.standardError.write(Data("usage: induct-models DIRECTORY [MODEL]\n".utf8))
            exit(2)
        }
        Interruption.install()
        let root = URL(filePath: arguments[1])
        if arguments.count == 3 {
            try halve(URL(filePath: arguments[2]), to: root.appending(path: "shakespeare-char"))
        } else {
            try trainWords(root)
        }
    }

    private static func halve(_ model: URL, to directory: URL) throws {
        try Transformer(directory: model).save(to: directory, isHalf: true)
        let name = "tokenizer.json"
        let tokenizer = try FileContents.read(model.appending(path: name), limit: 1 << 20)
        try AtomicFile.write(Data(tokenizer), to: directory.appending(path: name))
    }

    private static func trainWords(_ root: URL) throws {
        // One thread count for everybody: sums come out the same.
        Engine.threadCount = 2
        for model in BundledModel.allCases {
            let start = ContinuousClock.now
            let trained = try model.train { step, loss in
                if step % 200 == 0 { print("\(model.rawValue): step \(step), loss \(loss)") }
            }
            let directory = root.appending(path: model.rawValue)
            try trained.save(to: directory)
            let words = try WordVocabulary(words: BundledModel.words, bosToken: BundledModel.bosToken)
            try AtomicFile.write(words.tokenizerJSON, to: directory.appending(path: "tokenizer.json"))
            print("\(model.rawValue): \(directory.path), \(ContinuousClock.now - start)")
        }
    }
}
