// swift-tools-version: 6.2
import PackageDescription

// The order of the sections is the order of the data's way: what knows Linux, the events, what
// judges them, what tells about them. CONTRIBUTING.md has a paragraph for each target. A target and
// its tests stand together.

/// What every Swift target is built with: warnings are errors, and imports say what they lend on.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], without files: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: files, swiftSettings: strict)
}

let package = Package(
  name: "spawntrace",
  products: [.executable(name: "spawntrace", targets: ["spawntrace"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    // Bytes: text of any bytes, numbers, lines, base64, a hash.
    library("Bytes", []),
    tests("BytesTests", ["Bytes"]),

    // Knows Linux.
    .target(
      name: "CSpawnTrace",
      cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    library("ELFImage", []),
    tests("ELFImageTests", ["ELFImage", "LinuxProcess"]),
    library("LinuxProcess", ["CSpawnTrace", "ELFImage", "Bytes", "TraceModel", system]),
    tests(
      "LinuxProcessTests", ["LinuxProcess", "CSpawnTrace", "TraceModel", "TestSupport", system]),
    library("PythonStack", ["ELFImage", "Bytes", "TraceModel"]),
    tests("PythonStackTests", ["PythonStack", "ELFImage", "Bytes", "TraceModel"]),
    // Its modulemap says what is linked.
    .systemLibrary(name: "CLibunwind", providers: [.apt(["libunwind-dev"])]),
    library("NativeStack", ["CLibunwind", "LinuxProcess", "ELFImage", "TraceModel"]),
    tests(
      "NativeStackTests",
      ["NativeStack", "PythonStack", "LinuxProcess", "ELFImage", "TraceModel", "TestSupport"]),
    library(
      "Tracer",
      [
        "CSpawnTrace", "LinuxProcess", "ELFImage", "PythonStack", "NativeStack", "Bytes",
        "Multiprocessing", "TraceModel", system,
      ]),
    tests(
      "TracerTests",
      [
        "Tracer", "CSpawnTrace", "LinuxProcess", "PythonStack", "ELFImage", "Multiprocessing",
        "TraceModel", "TestSupport", system,
      ]),

    // Pure values.
    library("TraceModel", ["Bytes"]),
    tests("TraceModelTests", ["TraceModel"]),
    library("Multiprocessing", ["Bytes", "TraceModel"]),
    tests("MultiprocessingTests", ["Multiprocessing", "TraceModel"]),
    library("PythonSource", []),
    tests("PythonSourceTests", ["PythonSource"]),
    library("Analysis", ["Bytes", "Multiprocessing", "TraceModel"]),
    tests(
      "AnalysisTests",
      ["Analysis", "Diagnostics", "Multiprocessing", "TraceModel", "TestSupport"]),
    library("Fixing", ["Analysis", "Multiprocessing", "PythonSource", "Bytes", "TraceModel"]),
    tests("FixingTests", ["Fixing", "Analysis", "Diagnostics", "Bytes", "TraceModel"]),
    // simdjson, zlib and zstd: recordings are JSON Lines, as they are or compressed.
    .target(
      name: "CSimdJSON", cxxSettings: [.unsafeFlags(["-Wall", "-Wextra", "-std=c++17"])],
      linkerSettings: [.linkedLibrary("simdjson")]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    library("JSON", ["CSimdJSON", "Bytes"]),
    tests("JSONTests", ["JSON", "Bytes"]),
    library("Input", ["CZlib", "CZstd", "Bytes"]),
    tests("InputTests", ["Input", "TestSupport"]),
    library("Recording", ["JSON", "Bytes", "Multiprocessing", "TraceModel"]),
    tests("RecordingTests", ["Recording", "JSON", "Bytes", "TraceModel"]),
    library("StraceLog", ["Input", "Bytes", "Multiprocessing", "TraceModel"]),
    tests("StraceLogTests", ["StraceLog", "Bytes", "TraceModel", "TestSupport"]),
    library("CILog", ["Bytes", "Multiprocessing", "TraceModel"]),
    tests("CILogTests", ["CILog", "Bytes", "TraceModel"], without: ["Fixtures"]),
    library("Redaction", ["Bytes", "Multiprocessing", "TraceModel"]),
    tests("RedactionTests", ["Redaction", "Multiprocessing", "TraceModel"]),
    library("Diagnostics", ["Analysis", "Bytes", "Multiprocessing", "TraceModel"]),
    tests("DiagnosticsTests", ["Diagnostics", "Analysis", "Multiprocessing", "TraceModel"]),
    library("Comparison", ["Diagnostics", "Analysis", "Multiprocessing", "Bytes", "TraceModel"]),
    tests(
      "ComparisonTests",
      ["Comparison", "Diagnostics", "Analysis", "Multiprocessing", "TraceModel", "TestSupport"]),
    library(
      "Reporting",
      [
        "Comparison", "Diagnostics", "Analysis", "JSON", "Multiprocessing", "Bytes", "TraceModel",
      ]),
    tests(
      "ReportingTests",
      ["Reporting", "Diagnostics", "Analysis", "Fixing", "Multiprocessing", "Bytes", "TraceModel"],
      without: ["Snapshots"]),

    library(
      "Exporting", ["Analysis", "Diagnostics", "Recording", "JSON", "Bytes", "TraceModel"]),
    tests("ExportingTests", ["Exporting", "Analysis", "Recording", "Bytes", "TraceModel"]),

    // From a source (live, recording, log of strace) to a report.
    library(
      "Runs",
      [
        "Tracer", "LinuxProcess", "Recording", "StraceLog", "Redaction", "Input", "Analysis",
        "Fixing", "Multiprocessing", "Bytes", "TraceModel", system,
      ]),
    tests(
      "RunsTests",
      [
        "Runs", "Tracer", "LinuxProcess", "Recording", "Redaction", "Analysis", "TraceModel",
        "TestSupport", system,
      ]),

    // Many reports to causes.
    library(
      "Triage",
      [
        "Runs", "CILog", "Redaction", "Diagnostics", "Analysis", "Input", "JSON",
        "Multiprocessing", "Bytes", "TraceModel",
      ]),
    tests(
      "TriageTests",
      [
        "Triage", "Runs", "CILog", "Analysis", "Input", "JSON", "Multiprocessing", "Bytes",
        "TraceModel", "TestSupport",
      ]),

    // Where they meet.
    library(
      "SpawnTraceCLI",
      [
        "Runs", "Fixing", "Triage", "Tracer", "LinuxProcess", "Recording", "Analysis", "Comparison",
        "Diagnostics", "Reporting", "Exporting", "Input", "Bytes", "TraceModel", argumentParser,
        system,
      ]),
    tests(
      "SpawnTraceCLITests",
      [
        "SpawnTraceCLI", "Runs", "Tracer", "LinuxProcess", "Recording", "Analysis", "TraceModel",
        "TestSupport", argumentParser, system,
      ]),
    .executableTarget(
      name: "spawntrace", dependencies: ["SpawnTraceCLI"], swiftSettings: strict),
    tests("EndToEndTests", ["TestSupport"]),

    // What people run by hand.
    .executableTarget(
      name: "native-stack-bench", dependencies: ["NativeStack", "LinuxProcess", "TestSupport"],
      path: "tools/bench/native-stack", swiftSettings: strict),
    .executableTarget(
      name: "python-stack-bench",
      dependencies: ["Tracer", "LinuxProcess", "TraceModel", "TestSupport"],
      path: "tools/bench/python-stack", exclude: ["peers.py"], swiftSettings: strict),
    .executableTarget(
      name: "log-reading", dependencies: ["CILog", "TraceModel"], path: "tools/triage/reader",
      swiftSettings: strict),
    .executableTarget(
      name: "python-statements", dependencies: ["PythonSource"], path: "tools/fix/statements",
      swiftSettings: strict),
    .executableTarget(
      name: "overlay-run",
      dependencies: ["Runs", "Tracer", "LinuxProcess", "Analysis", "Bytes", "TraceModel"],
      path: "tools/fix/overlay", swiftSettings: strict),

    // Interpreters, programs and scratch folders for the tests.
    .target(
      name: "CTestSupport", path: "Tests/CTestSupport",
      cSettings: [.define("_GNU_SOURCE"), .unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    .target(
      name: "TestSupport",
      dependencies: ["CTestSupport", "Bytes", "Multiprocessing", "TraceModel"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests("TestSupportTests", ["TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
