import Foundation
import LinuxProcess
import PythonStack
import TestSupport
import TraceModel

@testable import Tracer

/// A program that is traced, its Python stacks read as the tracer reads them.
final class LivePython {
  private let observer: StackObserver
  private var images: [ProcessID: ProcessImage] = [:]

  init(usesMapFiles: Bool = true) {
    observer = StackObserver(usesMapFiles: usesMapFiles)
  }

  /// Keeps an image as the tracer does: a new one for a new program, a copy for a child.
  func follow(_ stop: LiveStop) {
    switch stop.kind {
    case .exec:
      images[stop.process] = ProcessImage(
        Execution(ProcessFolder(stop.process), StoppedThread(id: stop.thread)))
    default:
      // A child may stop before its parent's event.
      if images[stop.process] == nil, let parent = StatusFields(of: stop.process)?.parent {
        images[stop.process] = images[parent].map {
          ProcessImage(forkedFrom: $0, by: .fork)
        }
      }
    }
  }

  /// The Python stack of a thread in its stop: by its thread pointer, or by its number alone.
  func stack(_ stop: LiveStop, byNumber: Bool = false) -> StackReading? {
    guard let image = images[stop.process] else { return nil }
    let pointer = StoppedThread(id: stop.thread).registers()?.systemCall.threadPointer
    return observer.read(stop.thread, byNumber ? nil : pointer, of: stop.process, image)
  }

  /// The interpreter of a process, found with its stack.
  func interpreter(_ stop: LiveStop) -> PythonInterpreter? {
    _ = stack(stop)
    return images[stop.process]?.interpreter
  }

  /// Runs a program and reads a stack at each stop that is wanted.
  static func stacks(
    _ command: [String], root: String? = nil, environment: [String: String] = [:],
    byNumber: Bool = false, usesMapFiles: Bool = true,
    at isWanted: (LiveStop) -> Bool = { $0.kind == .signal(SIGUSR1) },
    before prepare: (LiveStop) -> Void = { _ in }
  ) throws -> [StackReading?] {
    let program = LivePython(usesMapFiles: usesMapFiles)
    var result: [StackReading?] = []
    try LiveTrace.run(command, root: root, environment: environment) { stop in
      program.follow(stop)
      guard isWanted(stop) else { return .resume }
      prepare(stop)
      result.append(program.stack(stop, byNumber: byNumber))
      return .resume
    }
    return result
  }

  /// The same for a script that an interpreter runs, without what its start-up may add.
  static func stacks(
    _ python: Interpreters.Interpreter, _ script: String, byNumber: Bool = false,
    at isWanted: (LiveStop) -> Bool = { $0.kind == .signal(SIGUSR1) }
  ) throws -> [StackReading?] {
    let folder = try ScratchFolder()
    let path = try folder.write("main.py", script)
    return try stacks([python.path, "-S", path], byNumber: byNumber, at: isWanted)
  }
}

extension StackReading? {
  /// The frames of main.py, innermost first: `function:line`, with the qualified name if there is
  /// one; the reason if the stack can't be read.
  var outline: [String] {
    guard case .read(let stack) = self else { return [reason ?? "no Python"] }
    if let cut = stack.cut { return ["cut: \(cut)"] }
    return stack.frames.filter { $0.path.hasSuffix("/main.py") }.map {
      "\($0.qualifiedName ?? $0.function):\($0.line ?? -1)"
    }
  }

  var reason: String? {
    if case .unreadable(let reason) = self { reason } else { nil }
  }
}
