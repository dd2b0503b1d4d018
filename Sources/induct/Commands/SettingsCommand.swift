// induct settings: the commented default of settings.yaml.
import ArgumentParser
import Runs

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Print the default settings, commented.",
        discussion: "To start from: induct settings > settings.yaml"
    )

    func run() throws {
        print(Settings.commentedDefault, terminator: "")
    }
}
