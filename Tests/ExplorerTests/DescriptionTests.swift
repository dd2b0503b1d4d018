import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Explorer

@Suite struct DescriptionTests {
    @Test func documentNamesTheRoutes() throws {
        let document = try JSONSerialization.jsonObject(with: DescriptionRoutes.document()) as? [String: Any]
        let paths = try #require(document?["paths"] as? [String: [String: Any]])
        let described = paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
        let routes = server().router.routes.map { "\($0.method.rawValue) \($0.path)" }
            .filter { $0.contains(" /api/") }
        #expect(described.sorted() == routes.sorted())
        #expect(document?["openapi"] as? String == "3.1.0")
    }

    @Test func parametersAreDescribed() throws {
        let document = try JSONSerialization.jsonObject(with: DescriptionRoutes.document()) as? [String: Any]
        let paths = try #require(document?["paths"] as? [String: [String: [String: Any]]])
        for (path, methods) in paths {
            let names = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                $0.dropFirst().dropLast()
            }
            for (method, operation) in methods {
                let parameters = operation["parameters"] as? [[String: Any]] ?? []
                let inPath = parameters.filter { $0["in"] as? String == "path" }.compactMap {
                    $0["name"] as? String
                }
                #expect(inPath == names.map(String.init), "\(method) \(path)")
                #expect(operation["responses"] is [String: Any])
            }
        }
    }

    @Test func documentIsServed() async throws {
        try await server().test { client in
            let document = try DescriptionRoutes.document()
            #expect(try await client.get("/api/openapi.json").data == document)
        }
    }

    @Test func everyPageIsTheIndex() async throws {
        try await server().test { client in
            let index = try await client.get("/").data
            #expect(!index.isEmpty)
            for page in ["/heads", "/attention", "/patching", "/lens", "/circuit", "/runs", "/runs/any"] {
                let response = try await client.get(page)
                #expect(response.data == index)
                #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            }
        }
    }
}
