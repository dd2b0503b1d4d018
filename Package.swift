// swift-tools-version: 6.2
import PackageDescription

// Where libtorch is: the directory named by LIBTORCH, else the one that `make setup` links.
// CTorch/guard.hpp turns a missing one into a clear compile error.
let libtorch = Context.environment["LIBTORCH"] ?? Context.packageDirectory + "/.deps/libtorch"

// An installed program finds its libraries beside itself, one in the build folder where they were built against.
#if os(macOS)
let runPaths = ["@loader_path/libtorch", libtorch + "/lib"]
#else
let runPaths = ["$ORIGIN/libtorch", libtorch + "/lib"]
#endif

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nio = ["NIOCore", "NIOHTTP1", "NIOPosix"].map {
    Target.Dependency.product(name: $0, package: "swift-nio")
}

func library(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    path: String? = nil,
    resources: [Resource] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: path,
        resources: resources,
        swiftSettings: swiftSettings
    )
}

func program(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: swiftSettings)
}

func example(_ name: String) -> Target {
    .executableTarget(name: name, dependencies: ["Lab", "Files"], path: "Examples/\(name)")
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["TestSupport"],
        exclude: exclude,
        swiftSettings: swiftSettings
    )
}

let package = Package(
    name: "induct",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "induct", targets: ["induct"]),
        .library(
            name: "Induct",
            targets: [
                "Torch", "Checkpoints", "Tokenizers", "Transformers", "Induction", "Formation", "Figures",
                "Hub", "Runs", "Lab", "Explorer",
            ]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        // Without its support for configuration files, which nothing here has.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        .target(
            name: "CTorch",
            cxxSettings: [
                .unsafeFlags(["-isystem", libtorch + "/include"]),
                .unsafeFlags(["-isystem", libtorch + "/include/torch/csrc/api/include"]),
                .treatAllWarnings(as: .error),
            ],
            linkerSettings: [
                .unsafeFlags(["-L", libtorch + "/lib"]),
                .unsafeFlags(runPaths.flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] }),
                .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
            ]
        ),
        library("Torch", ["CTorch"]),
        library("Files"),
        library("JSON", ["Files"]),
        library("Checkpoints", ["Files", "JSON", "Torch"]),
        library("Transformers", ["Checkpoints"]),
        library("Induction", ["Transformers"]),
        library("Formation", ["Induction"]),
        library("Tokenizers", ["Files", "JSON"]),
        library("Figures"),
        library("Runs", ["Files", "JSON", crypto, yams]),
        library("Hub", ["Files", "JSON", asyncHTTPClient, crypto] + nio),
        library(
            "Lab",
            ["Formation", "Tokenizers", "Figures", "Hub", "Runs"],
            resources: [.copy("Resources/Models")]
        ),
        library(
            "Explorer",
            ["Figures", "Lab", hummingbird, hummingbirdCore, httpTypes, logging, crypto] + nio,
            resources: [.copy("Resources/web"), .copy("Resources/openapi.json")]
        ),
        program("induct", ["Explorer", "Lab", "Runs", argumentParser]),
        program("induct-models", ["Formation", "Tokenizers"]),
        program("induct-bench", ["Lab", argumentParser], path: "Benchmarks/Workloads"),
        example("RankHeads"), example("AblateHead"), example("DrawPattern"), example("DissectModel"),
        library("TestSupport", path: "Tests/Support"),
        library("FakeHub", [crypto] + nio, path: "Tests/FakeHub"),
        tests("CTorchTests", ["CTorch"]),
        tests("TorchTests", ["Torch"]),
        tests("FilesTests", ["Files"]),
        tests("JSONTests", ["JSON", "Files"]),
        tests("CheckpointsTests", ["Checkpoints", "Files", "JSON", "Torch"], exclude: ["Fixtures"]),
        tests("TransformersTests", ["Transformers"], exclude: ["Fixtures"]),
        tests("InductionTests", ["Induction", "Tokenizers"], exclude: ["Fixtures"]),
        tests("FormationTests", ["Formation"], exclude: ["Fixtures"]),
        tests("TokenizersTests", ["Tokenizers", "Files", "JSON"], exclude: ["Fixtures"]),
        tests("FiguresTests", ["Figures"]),
        tests("RunsTests", ["Runs", "Files", "JSON"]),
        tests("HubTests", ["Hub", "FakeHub", "Files", "JSON"], exclude: ["Fixtures"]),
        tests("LabTests", ["Lab"]),
        tests(
            "ExplorerTests",
            ["Explorer", "Lab", hummingbird, hummingbirdTesting, httpTypes, logging] + nio
        ),
        tests(
            "inductTests",
            ["induct", "RankHeads", "AblateHead", "DrawPattern", "DissectModel", "FakeHub"]
        ),
    ],
    cxxLanguageStandard: .cxx20
)
