// The explorer's server: routes, models and work, put together.
public import Figures
public import Foundation
public import Hub
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// How the explorer is served.
public struct ExplorerSettings: Sendable {
    /// The model that the page begins with: a bundled name, a cached one, or a path.
    public var model: String
    /// The address to listen on.
    public var host: String
    /// The port; 0 for any that is free.
    public var port: Int
    /// The directory that runs are looked for in.
    public var work: URL
    /// Runs, or directories of runs, besides.
    public var runs: [URL]
    /// Downloaded models.
    public var cache: HubCache
    /// The figures' library, where set-up made it.
    public var vega: URL?

    /// All fields.
    public init(
        model: String,
        host: String = "127.0.0.1",
        port: Int = 8080,
        work: URL = URL(filePath: "."),
        runs: [URL] = [],
        cache: HubCache,
        vega: URL? = VegaBundle.located()
    ) {
        self.model = model
        self.host = host
        self.port = port
        self.work = work
        self.runs = runs
        self.cache = cache
        self.vega = vega
    }
}

/// Serves the page and its API.
public struct ExplorerServer: Sendable {
    private let settings: ExplorerSettings
    private let resources: [any Resource]
    /// Long work, for tests.
    let work: WorkStore
    /// Models, for tests.
    let engine: Engine

    /// Reads the page's files; loads no model.
    public init(_ settings: ExplorerSettings) {
        self.settings = settings
        let models = KnownModels(cache: settings.cache, given: settings.model)
        let engine = Engine(thread: ModelThread(), models: models)
        let work = WorkStore(on: engine.thread)
        let streams = OpenStreams()
        self.engine = engine
        self.work = work
        resources = [
            ModelRoutes(models: models), WorkRoutes(store: work, models: models, streams: streams),
            TokenRoutes(engine: engine),
            PromptRoutes(engine: engine), AttentionRoutes(engine: engine), PredictionRoutes(engine: engine),
            RunRoutes(library: RunLibrary(work: settings.work, others: settings.runs), streams: streams),
            DescriptionRoutes(),
            AssetRoutes(directory: Bundle.module.bundleURL.appending(path: "web"), vega: settings.vega),
        ]
    }

    /// All routes behind all checks.
    var router: Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: HeadersMiddleware())
        router.add(middleware: ErrorMiddleware())
        router.add(middleware: GateMiddleware(hosts: HostRule(serving: settings.host)))
        for resource in resources { resource.add(to: router) }
        return router
    }

    /// The server as a value, which tests drive without a socket.
    ///
    /// - Parameter started: called with the port, when the server listens.
    func application(
        started: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> Application<RouterResponder<BasicRequestContext>> {
        var logger = Logger(label: "induct.explorer")
        logger.logLevel = .critical
        return Application(
            router: router,
            // A connection that says nothing is closed; one with a request at work, or with events, is not.
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port),
                serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(512)
            ),
            onServerRunning: { channel in started(channel.localAddress?.port ?? 0) },
            logger: logger
        )
    }

    /// Listens until the process ends.
    ///
    /// - Parameter started: called with the page's address, when it can be opened.
    /// - Throws: ``ExplorerError``.
    public func run(started: @escaping @Sendable (URL) -> Void) async throws {
        let settings = settings
        do {
            try await application { port in
                if let address = Self.address(settings, port: port) { started(address) }
            }.run()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Of a system call what the system says, not which call it was.
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw ExplorerError.cannotListen(host: settings.host, port: settings.port, reason: reason)
        }
    }

    /// Where the page is, with the model that it begins with.
    static func address(_ settings: ExplorerSettings, port: Int) -> URL? {
        var address = URLComponents()
        address.scheme = "http"
        // All addresses are no address to open.
        let host = ["0.0.0.0", "::"].contains(settings.host) ? "127.0.0.1" : settings.host
        address.host = host.contains(":") ? "[\(host)]" : host
        address.port = port
        address.path = "/heads"
        address.queryItems = [URLQueryItem(name: "model", value: settings.model)]
        // A plus sign stands for a space in what pages read.
        address.percentEncodedQuery = address.percentEncodedQuery?.replacing("+", with: "%2B")
        return address.url
    }
}

/// Why the explorer cannot be served.
public enum ExplorerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An address that is taken, or none of this machine's.
    case cannotListen(host: String, port: Int, reason: String)

    /// One paragraph: what was asked, what was found, what to do.
    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host), port \(port): \(reason). Choose another --port, or another --host."
        }
    }
}
