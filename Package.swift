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

func example(_ name: String) -> Target {
    .executableTarget(name: name, dependencies: ["Lab", "Files"], path: "Examples/\(name)")
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
                "Lab",
            ]
        ),
    ],
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
                .unsafeFlags(["-L", libtorch + "/lib"]),
                .unsafeFlags(runPaths.flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] }),
                .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
            ]
        ),
        target("Torch", ["CTorch"]),
        target("Files"),
        target("Checkpoints", ["Files", "Torch"]),
        target("Transformers", ["Checkpoints"]),
        target("Induction", ["Transformers"]),
        target("Formation", ["Induction"]),
        target("Figures"),
        target("Tokenizers"),
        .executableTarget(
            name: "induct-models",
            dependencies: ["Formation", "Tokenizers"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "induct-bench",
            dependencies: ["Lab", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Benchmarks/Workloads",
            swiftSettings: swiftSettings
        ),
        target("Lab", ["Formation", "Tokenizers", "Figures"], resources: [.copy("Resources/Models")]),
        .executableTarget(
            name: "induct",
            dependencies: ["Lab", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: swiftSettings
        ),
        example("RankHeads"), example("AblateHead"), example("DrawPattern"),
        testTarget("inductTests", ["induct", "RankHeads", "AblateHead", "DrawPattern"]),
        testTarget("CTorchTests", ["CTorch"]),
        testTarget("FormationTests", ["Formation"]),
        testTarget("InductionTests", ["Induction", "Tokenizers"], exclude: ["Fixtures"]),
        testTarget("TransformersTests", ["Transformers"], exclude: ["Fixtures"]),
        testTarget("TokenizersTests", ["Tokenizers"], exclude: ["Fixtures"]),
        testTarget("FiguresTests", ["Figures"]),
        testTarget("FilesTests", ["Files"]),
        testTarget("CheckpointsTests", ["Checkpoints", "Files"]),
        testTarget("TorchTests", ["Torch"]),
    ],
    cxxLanguageStandard: .cxx20
)
