internal import Foundation

/// Runs the product as users run it.
package enum Traced {
  /// The binary that is tested: SPAWNTRACE_BINARY, else the debug build of this checkout.
  package static let binary: String = {
    if let path = ProcessInfo.processInfo.environment["SPAWNTRACE_BINARY"] { return path }
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return root.path + "/.build/debug/spawntrace"
  }()

  /// A run, and its report if one was written.
  package struct Run: Sendable {
    package var outcome: Outcome
    package var report: Report?
  }

  /// The report of a recording isn't that of its run.
  package struct ReplayDiffers: Error, CustomStringConvertible {
    package let description: String
  }

  /// Runs `command` under spawntrace with `options`, and reads the JSON report. Each run is
  /// recorded, and its replay has to give the same report. `caller` is a command that runs
  /// spawntrace and ends as it ends.
  package static func run(
    _ command: [String], options: [String] = [], in directory: String? = nil,
    environment: [String: String] = [:], input: String = "", closing: [Int32] = [],
    startedBy caller: [String] = [], timeout: Double = 60
  ) throws -> Run {
    let scratch = try ScratchFolder()
    let json = scratch.file("report.json")
    let recording = scratch.file("run.jsonl")
    let outcome = try ChildProcess.run(
      caller + [binary, "run", "--json", json, "--record", recording] + options + ["--"] + command,
      in: directory, environment: environment, input: input, closing: closing, timeout: timeout)
    if let live = scratch.read("report.json"), !live.isEmpty {
      let again = scratch.file("replay.json")
      _ = try run(arguments: ["replay", "--json", again, "--report", "none", recording])
      let replayed = scratch.read("replay.json") ?? ""
      let expected = live.replacingOccurrences(
        of: #""source": {"kind": "live", "path": null}"#,
        with: #""source": {"kind": "recording", "path": "\#(recording)"}"#)
      if replayed != expected {
        let difference = zip(replayed.split(separator: "\n"), expected.split(separator: "\n"))
          .first { $0 != $1 }
        throw ReplayDiffers(
          description: difference.map { "\($0.0.prefix(300))\nnot\n\($0.1.prefix(300))" }
            ?? "one report is longer: \(replayed.count) and \(expected.count) bytes")
      }
    }
    return Run(outcome: outcome, report: try read(scratch.read("report.json")))
  }

  /// Replays with these arguments, and reads the JSON report.
  package static func replay(_ arguments: [String], in directory: String) throws -> Run {
    let scratch = try ScratchFolder()
    let outcome = try run(
      arguments: ["replay", "--json", scratch.file("report.json")] + arguments, in: directory)
    return Run(outcome: outcome, report: try read(scratch.read("report.json")))
  }

  private static func read(_ report: String?) throws -> Report? {
    try report.flatMap { text in
      text.isEmpty ? nil : try JSONDecoder().decode(Report.self, from: Data(text.utf8))
    }
  }

  /// Runs spawntrace with exactly these arguments.
  package static func run(
    arguments: [String], in directory: String? = nil, environment: [String: String] = [:],
    closing: [Int32] = [], timeout: Double = 60
  ) throws -> Outcome {
    try ChildProcess.run(
      [binary] + arguments, in: directory, environment: environment, closing: closing,
      timeout: timeout)
  }
}

/// The parts of the JSON report that tests use.
package struct Report: Decodable, Sendable {
  package struct Ending: Decodable, Sendable, Equatable {
    package var status: Int?
    package var signal: Int?
  }

  package struct Place: Decodable, Sendable, Equatable {
    package var path: String
    package var line: Int?
    package var function: String
  }

  package struct Script: Decodable, Sendable, Equatable {
    package var path: String
    package var runsAs: String
    package var evidence: String?
  }

  package struct Finding: Decodable, Sendable {
    package var rule: String
    package var kind: String
    package var certainty: String
    package var consequence: String?
    package var title: String
    package var script: Script?
    package var culprit: Place?
    package var callSite: Place?
    package var startMethod: String?
    package var python: String?
    package var test: String?
    package var processes: [Int]
    package var occurrences: Int
    package var fingerprint: String
    package var stack: [Frame]
    package var nativeStack: [NativeFrame]
  }

  package struct Process: Decodable, Sendable {
    package var id: Int
    /// nil if a log doesn't show it.
    package var pid: Int?
    package var parent: Int?
    package var logicalParent: Int?
    package var role: String
    package var executable: String?
    package var arguments: [String]
    package var python: String?
    package var startMethod: String?
    package var script: Script?
    package var exit: Ending?
  }

  package struct Frame: Decodable, Sendable {
    package var path: String
    package var line: Int?
    package var function: String
  }

  package struct NativeFrame: Decodable, Sendable {
    package var symbol: String?
    package var image: String?
    package var path: String?
    package var line: Int?
  }

  /// What all threads did when the run was ended from outside.
  package struct Survey: Decodable, Sendable {
    package struct Object: Decodable, Sendable {
      package var kind: String
      package var name: String?
      package var pids: [Int]
    }

    package struct Wait: Decodable, Sendable {
      package var call: String
      package var timed: Bool
      package var `for`: [Object]
    }

    package struct Thread: Decodable, Sendable {
      package var process: Int
      package var thread: Int
      package var main: Bool
      package var name: String
      package var state: String
      package var wait: Wait?
      package var waitsFor: [Int]
      package var stack: [Frame]
      package var nativeStack: [NativeFrame]
    }

    package var cause: String
    package var moving: Bool?
    package var threads: [Thread]
  }

  package struct Trace: Decodable, Sendable {
    package var events: Int
    package var lost: Int
    package var truncated: Bool
    package var limitations: [String]
  }

  package struct Source: Decodable, Sendable {
    package var kind: String
    package var path: String?
  }

  package var source: Source
  package var verdict: String
  package var exit: Ending?
  package var findings: [Finding]
  package var processes: [Process]
  package var survey: Survey?
  package var trace: Trace

  /// The processes with a role, in the order of appearance.
  package func processes(_ role: String) -> [Process] {
    processes.filter { $0.role == role }
  }
}
