// What can go wrong with the hub.
//
// Promises: no message holds a token, the query of an address (which may be a key), or text that a server made up.

import JSON

/// A model that could not be had from the hub or the cache.
public enum HubError: Error, Equatable, Sendable {
    /// Not a model's id.
    case invalidID(String)
    /// Not a branch, a tag or a commit.
    case invalidRevision(String)
    /// An environment variable, or the file that it names, cannot be used.
    case invalidSetting(name: String, problem: String)
    /// Downloads are switched off, and the cache lacks files.
    case offline(id: HubModelID, revision: String, missing: [String])
    /// No answer from the server, after all attempts.
    case unreachable(host: String, reason: String)
    /// An answer that is an error, after all attempts.
    case status(host: String, what: String, code: Int)
    /// No such model, or one that this user may not see.
    case modelNotFound(id: HubModelID, page: String, hasToken: Bool)
    /// The model has no such branch, tag or commit.
    case revisionNotFound(id: HubModelID, revision: String)
    /// The model has no such file at that commit.
    case fileNotFound(id: HubModelID, commit: String, file: String)
    /// The model's licence has to be accepted first.
    case gated(id: HubModelID, page: String, hasToken: Bool)
    /// The hub does not know the token.
    case tokenRefused(host: String)
    /// Too many redirects, or one to a place that is not followed.
    case redirect(host: String, what: String, problem: String)
    /// The server's answer breaks the protocol.
    case badAnswer(host: String, what: String, problem: String)
    /// The bytes are not those that the hub announced.
    case corrupt(file: String, expected: String, found: String)
    /// The disk is full, or the file may not grow; what has arrived is kept.
    case noRoom(file: String, missing: Int, problem: String)
    /// None of the model's files has a name like those asked for.
    case nothingMatches(id: HubModelID, patterns: [String], files: [String])
    /// The model has no configuration or no weights that can be read here.
    case notLoadable(id: HubModelID, problem: String)
}

extension HubError: CustomStringConvertible {
    /// One paragraph: what was found, what was expected, what to do.
    public var description: String {
        switch self {
        case .invalidID(let text):
            """
            \(Quoted.text(text)) is not a model's id on the hub: expected 'name' or 'owner/name' of letters, digits, \
            '-', '_' and '.', as on the model's page.
            """
        case .invalidRevision(let text):
            "\(Quoted.text(text)) is not a revision: expected a branch, a tag or a commit, as on the model's page."
        case .invalidSetting(let name, let problem):
            "\(name) cannot be used: \(problem)"
        case .offline(let id, let revision, let missing):
            """
            \(id) (\(revision)) is not whole in the cache: \(listed(missing)) missing, and HF_HUB_OFFLINE \
            forbids downloads. Unset HF_HUB_OFFLINE and run 'induct fetch \(id)\(option(revision))', or copy the \
            cache from a machine that has it.
            """
        case .unreachable(let host, let reason):
            """
            \(host) cannot be reached: \(reason). Check the network, and HF_ENDPOINT if it is set; what has arrived \
            is kept, so that the same command goes on from there.
            """
        case .status(let host, let what, let code):
            """
            \(host) answered \(code) when asked for \(what). Try again later; what has arrived is kept, so that the \
            same command goes on from there.
            """
        case .modelNotFound(let id, let page, let hasToken):
            """
            the hub shows no model \(id) (\(page)). \(guess(for: id)) \
            \(hasToken ? "If it is private, check that the token may read it." : "If it is private, set HF_TOKEN.")
            """
        case .revisionNotFound(let id, let revision):
            "\(id) has no branch, tag or commit \(Quoted.text(revision)). Check --revision on the model's page."
        case .fileNotFound(let id, let commit, let file):
            "\(id) has no file \(Quoted.text(file)) at commit \(commit). Check the name on the model's page."
        case .gated(let id, let page, let hasToken):
            """
            \(id) is for those who have accepted its licence: sign in at \(page), accept it there, \
            \(hasToken
                ? "and check that HF_TOKEN belongs to that account and may read gated models."
                : "and set HF_TOKEN to a token of that account (made in the account's settings).")
            """
        case .tokenRefused(let host):
            """
            \(host) does not know the token. Set HF_TOKEN to a valid one, or remove it (and the token file) for models \
            that are public.
            """
        case .redirect(let host, let what, let problem):
            "\(host) redirects \(what) \(problem). Check HF_ENDPOINT, or try again later."
        case .badAnswer(let host, let what, let problem):
            "\(host) answered \(what) with \(problem). It is not a hub, or it is broken: check HF_ENDPOINT."
        case .corrupt(let file, let expected, let found):
            """
            \(Quoted.text(file)) arrived damaged: expected \(expected), found \(found). The damaged bytes were removed; \
            run the same command again.
            """
        case .noRoom(let file, let missing, let problem):
            """
            no room for \(Quoted.text(file)), of which \(missing) bytes are missing: \(problem) What has arrived is \
            kept, so that the same command goes on from there.
            """
        case .nothingMatches(let id, let patterns, let files):
            "\(id) has no file like \(patterns.map(Quoted.text).joined(separator: ", ")); it has \(listed(files))."
        case .notLoadable(let id, let problem):
            "\(id) \(problem). Choose another model, or name the files that you want with --include."
        }
    }

    private func guess(for id: HubModelID) -> String {
        let names = KnownModel.suggestions(for: id.description)
        return names.isEmpty ? "Check the spelling." : "Did you mean \(names.joined(separator: ", or "))?"
    }

    private func option(_ revision: String) -> String {
        revision == HubRevision.main ? "" : " --revision \(revision)"
    }

    private func listed(_ names: [String]) -> String {
        let most = 12
        let shown = names.prefix(most).map(Quoted.shortened).joined(separator: ", ")
        return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }
}

/// Names of versions of a model.
public enum HubRevision {
    /// The branch that is meant where none is named.
    public static let main = "main"
}
