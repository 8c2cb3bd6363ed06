import Foundation
import TestSupport
import Testing
import TraceModel

@testable import Tracer

/// A program that writes down its own stack, as Python reports it, and stops at that line. The
/// stack that is read from outside must be the same there, frames and lines.
struct TruthTests {
  private static let interpreters =
    (Interpreters.python2.map { [$0] } ?? []) + Interpreters.all + Interpreters.freeThreaded

  /// A stack as the program wrote it down.
  private struct Truth: Decodable {
    var thread: Int32
    var id: ThreadID { ThreadID(rawValue: thread) }
    var frames: [Frame]

    struct Frame: Decodable, Hashable {
      var path: String
      var line: Int?
      var function: String
      var qualifiedName: String?
      var module: String?
    }
  }

  private static let program = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("programs/truth/main.py").path

  @Test(arguments: interpreters, [false, true])
  func `every stop agrees`(python: Interpreters.Interpreter, byNumber: Bool) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("truth.jsonl", "")
    let program = LivePython()
    var readings: [ThreadID: [StackReading?]] = [:]
    try LiveTrace.run([python.path, "-S", "-B", "-W", "ignore", Self.program, path]) { stop in
      program.follow(stop)
      switch stop.kind {
      case .signal(SIGUSR1):
        readings[stop.thread, default: []].append(program.stack(stop, byNumber: byNumber))
        return .resume
      case .signal: return .deliver
      default: return .resume
      }
    }

    let lines = try #require(folder.read("truth.jsonl")).split(separator: "\n")
    let truths = try lines.map { try JSONDecoder().decode(Truth.self, from: Data($0.utf8)) }
    let said = Dictionary(grouping: truths, by: \.id)
    #expect(Set(truths.map(\.frames)).count >= 200)
    #expect(readings.mapValues(\.count) == said.mapValues(\.count))
    var differences: [String] = []
    for (thread, truths) in said {
      for (truth, reading) in zip(truths, readings[thread] ?? []) {
        if let difference = difference(truth.frames, reading) { differences.append(difference) }
      }
    }
    #expect(
      differences.isEmpty,
      "\(differences.count) of \(truths.count):\n\(differences.prefix(5).joined(separator: "\n"))")
  }

  /// Describes the first difference between a stack that was read and the truth; nil if there is
  /// none.
  private func difference(_ truth: [Truth.Frame], _ reading: StackReading?) -> String? {
    guard case .read(let stack) = reading else {
      return "\(outline(truth[0])): \(reading.reason ?? "no Python")"
    }
    if let cut = stack.cut { return "\(outline(truth[0])): cut: \(cut)" }
    let frames = stack.frames.map {
      Truth.Frame(
        path: $0.path, line: $0.line, function: $0.function, qualifiedName: $0.qualifiedName,
        module: $0.module)
    }
    guard frames != truth else { return nil }
    for (number, (frame, right)) in zip(frames, truth).enumerated() where frame != right {
      return "frame \(number) of \(truth.count): \(outline(frame)), not \(outline(right))"
        + (number > 0 ? ", under \(outline(truth[number - 1]))" : "")
    }
    return "\(frames.count) frames, not \(truth.count), at \(truth.prefix(4).map(outline))"
  }

  private func outline(_ frame: Truth.Frame) -> String {
    let name = frame.qualifiedName.map { "(\($0))" } ?? ""
    let module = frame.module.map { " in \($0)" } ?? ""
    return "\(frame.path.suffix(40)):\(frame.line ?? -1) \(frame.function)\(name)\(module)"
  }
}
