// From an error to the terminal: the one place where errors become text and exit codes.
import ArgumentParser
import Foundation

enum ErrorReport {
    /// Prints an error and gives the exit code: 0 for help and version, 2 for a command line that does not parse, 1 for
    /// everything else.
    static func print(_ error: any Error) -> Int32 {
        // A command that has said what there is to say.
        if let code = error as? ExitCode { return code.rawValue }
        let code = Induct.exitCode(for: error)
        if code == .success {
            Swift.print(Induct.fullMessage(for: error))
            return 0
        }
        if code == .validationFailure {
            Terminal.writeError(Induct.fullMessage(for: error) + "\n")
            return 2
        }
        Terminal.printError("\(error)")
        return 1
    }
}
