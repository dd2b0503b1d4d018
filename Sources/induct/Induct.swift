// The command line: what there is, and how a run ends.
import ArgumentParser
import Files
import Foundation
import Lab
import Torch

struct Induct: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "induct",
        abstract: "Find induction heads in transformers, say how sure that is, and see what they do.",
        discussion: """
            A model is a bundled one (induct-2l, induct-4l, shakespeare-char), a path, or an id on the Hugging Face hub. Start \
            with 'induct demo', or 'induct explore --open'.
            """,
        version: inductVersion,
        subcommands: [
            DemoCommand.self, ExploreCommand.self, ScanCommand.self, AblateCommand.self, PatchCommand.self,
            PathsCommand.self,
            AttributeCommand.self, CircuitsCommand.self, LensCommand.self, TrainCommand.self,
            HessianCommand.self,
            VisualizeCommand.self, ReportCommand.self, CacheCommand.self, TokenizeCommand.self,
            ModelsCommand.self, FetchCommand.self, ProfileCommand.self, CrossSizeCommand.self,
            MultiSizeCommand.self, NullsCommand.self, CausalCommand.self, LagBucketsCommand.self,
            ProfilesCommand.self, VerifyCommand.self, SettingsCommand.self,
        ]
    )
}

/// Exit codes: 0 done, 1 failed, 2 used wrongly, 130 interrupted.
@main
enum Program {
    static func main() {
        Interruption.install()
        Engine.keepFreedMemory()
        Memory.onExhaustion { detail in
            Terminal.printError(
                """
                out of memory in \(detail). Use a smaller --batch-size, shorter prompts, --dtype bfloat16, or \
                --memory-saver.
                """
            )
            exit(1)
        }
        do {
            var command = try Induct.parseAsRoot(Arguments.hyphenated(CommandLine.arguments.dropFirst()))
            try command.run()
        } catch {
            exit(ErrorReport.print(error))
        }
    }
}
