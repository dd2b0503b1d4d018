// The page: files that come with the program, read once at the start. No path of a request reaches the disk.
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

struct AssetRoutes: Resource {
    /// Addresses that the page routes by itself.
    static let pages = ["/", "/heads", "/attention", "/patching", "/lens", "/circuit", "/runs", "/runs/{id}"]

    private struct Asset: Sendable {
        var type: String
        var bytes: ByteBuffer
    }

    private let assets: [String: Asset]

    /// - Parameters:
    ///   - directory: of the page's files.
    ///   - vega: the bundle that set-up made, if it did.
    init(directory: URL, vega: URL?) {
        var assets: [String: Asset] = [:]
        for path in FileManager.default.enumerator(atPath: directory.path)?.allObjects as? [String] ?? [] {
            guard let type = ContentTypes.ofAsset(path),
                let data = try? Data(contentsOf: directory.appending(path: path))
            else { continue }
            assets[path] = Asset(type: type, bytes: ByteBuffer(bytes: data))
        }
        if let vega, let data = try? Data(contentsOf: vega) {
            assets["vega.js"] = Asset(type: ContentTypes.script, bytes: ByteBuffer(bytes: data))
        }
        self.assets = assets
    }

    func add(to router: Router<BasicRequestContext>) {
        for page in Self.pages {
            router.get(RouterPath(page)) { _, _ in try response("index.html") }
        }
        router.get("/assets/**") { request, _ in
            try response(String(request.uri.path.trimmingPrefix("/assets/")))
        }
    }

    private func response(_ name: String) throws -> Response {
        guard let asset = assets[name] else {
            let why =
                name == "vega.js"
                ? "'make setup' makes it, where it may install Python packages" : "nothing more"
            throw APIError(.notFound, "not_found", "the page has no file '\(name.prefix(80))': \(why).")
        }
        // Asked for again each time: another version of the program may be started in the same place.
        return Response(
            status: .ok,
            headers: [.contentType: asset.type, .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: asset.bytes)
        )
    }
}
