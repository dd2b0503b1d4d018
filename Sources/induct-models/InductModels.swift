// Trains the bundled models and writes them: `make models`.
import Files
import Formation
import Foundation
import Tokenizers
import Torch
import Transformers

/// `induct-models DIRECTORY`: writes each bundled model to a directory of its name.
@main
enum InductModels {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: induct-models DIRECTORY\n".utf8))
            exit(2)
        }
        Interruption.install()
        // One thread count for everybody: sums come out the same.
        Engine.threadCount = 2
        let root = URL(filePath: CommandLine.arguments[1])
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
