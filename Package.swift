// swift-tools-version: 6.2
import PackageDescription

// Where libtorch is: the directory named by LIBTORCH, else the one that `make setup` links.
// CTorch/guard.hpp turns a missing one into a clear compile error.
let libtorch = Context.environment["LIBTORCH"] ?? Context.packageDirectory + "/.deps/libtorch"

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func target(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

func testTarget(
    _ name: String,
    _ dependencies: [Target.Dependency],
    exclude: [String] = []
) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings)
}

let package = Package(
    name: "induct",
    platforms: [.macOS(.v15)],
    products: [.library(name: "Torch", targets: ["Torch"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
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
                .unsafeFlags(["-L", libtorch + "/lib", "-Xlinker", "-rpath", "-Xlinker", libtorch + "/lib"]),
                .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
            ]
        ),
        target("Torch", ["CTorch"]),
        target("Files"),
        target("JSON", ["Files"]),
        target("Checkpoints", ["Files", "JSON", "Torch"]),
        target("Transformers", ["Checkpoints", "JSON"]),
        target("Induction", ["Transformers"]),
        target("Formation", ["Induction"]),
        target("Figures"),
        target("Tokenizers", ["Files", "JSON"]),
        target(
            "Lab",
            ["Formation", "JSON", "Tokenizers", "Figures"],
            resources: [.copy("Resources/Models")]
        ),
        .executableTarget(
            name: "induct",
            dependencies: ["Lab", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: swiftSettings
        ),
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: swiftSettings),
        testTarget("CTorchTests", ["CTorch"]),
        testTarget("InductionTests", ["Induction"]),
        testTarget("TransformersTests", ["Transformers", "TestSupport"], exclude: ["Fixtures"]),
        testTarget("TokenizersTests", ["Tokenizers", "Files", "JSON", "TestSupport"], exclude: ["Fixtures"]),
        testTarget("FiguresTests", ["Figures", "TestSupport"]),
        testTarget("FilesTests", ["Files", "TestSupport"]),
        testTarget("JSONTests", ["JSON", "Files", "TestSupport"]),
        testTarget("CheckpointsTests", ["Checkpoints", "Files", "JSON", "TestSupport"]),
        testTarget("TorchTests", ["Torch"]),
    ],
    cxxLanguageStandard: .cxx20
)
