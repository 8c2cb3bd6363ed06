import Foundation
import LinuxProcess
import PythonStack
import TestSupport
import TraceModel

@testable import NativeStack

/// The readers of both stacks of a traced Python program.
final class PythonProgram {
  /// The stacks at one stop.
  struct Reading {
    var native: NativeStackReading
    var python: PythonCallStack
    var evaluations: [PythonEvaluation]
    var mixed: MixedStack
  }

  struct Unreadable: Error {
    var reason: String
  }

  let program = NativeProgram()
  private var stackReader = StackReader()
  private var interpreter: PythonInterpreter?

  func read(_ stop: LiveStop) throws -> Reading {
    guard let registers = StoppedThread(id: stop.thread).registers(),
      let pointer = registers.systemCall.threadPointer
    else { throw Unreadable(reason: "no registers") }
    let native = program.stack(stop)
    var memory = program.memory
    guard let interpreter = try interpreter ?? locate(stop.process) else {
      throw Unreadable(reason: "no interpreter")
    }
    self.interpreter = interpreter
    let (reading, evaluations) = stackReader.readWithEvaluations(
      .threadPointer(pointer), in: interpreter, memory: &memory)
    guard case .read(let python) = reading else { throw Unreadable(reason: "\(reading)") }
    return Reading(
      native: native, python: python, evaluations: evaluations,
      mixed: .merge(native: native, python: python, evaluations: evaluations))
  }

  private func locate(_ process: ProcessID) throws -> PythonInterpreter? {
    let executable = ProcessFolder(process).executable ?? ""
    let maps = contents(of: "/proc/\(process)/maps") ?? []
    let images = MemoryMappings.beginnings(in: maps) {
      PythonSymbols.isCandidate(path: $0, isExecutable: $0 == executable)
    }.compactMap { mapping -> LoadedImage? in
      guard let file = MappedFile(path: mapping.path),
        let symbols = file.withBytes({ PythonSymbols(file: $0, path: mapping.path) })
      else { return nil }
      return LoadedImage(
        path: mapping.path, lowestMapping: mapping.range.lowerBound, symbols: symbols)
    }
    var memory = program.memory
    let location = PythonInterpreter.locate(
      in: images, executable: executable, memory: &memory)
    if case .unsupported(let reason) = location { throw Unreadable(reason: reason) }
    guard case .found(let interpreter) = location else { return nil }
    return interpreter
  }

  /// Runs a script, and reads the stacks at each stop that `isWanted`.
  static func readings(
    _ python: Interpreters.Interpreter, _ script: String, at isWanted: (LiveStop) -> Bool
  ) throws -> [Reading] {
    let folder = try ScratchFolder()
    let path = try folder.write("main.py", script)
    let program = PythonProgram()
    var result: Result<[Reading], any Error> = .success([])
    try LiveTrace.run([python.path, "-S", path]) { stop in
      if stop.kind == .exec { program.program.reader.forget(process: stop.process) }
      guard isWanted(stop) else { return .resume }
      result = Result { try result.get() + [program.read(stop)] }
      if case .failure = result { return .end }
      return .resume
    }
    return try result.get()
  }
}

extension MixedStack {
  /// The merged frames in short: native functions as they are, Python's in parentheses; nil if the
  /// stacks are separate.
  var outline: [String]? {
    guard case .merged(let frames, cut: _) = self else { return nil }
    return frames.map { frame in
      switch frame {
      case .native(let native): native.symbol ?? "?"
      case .python(let python): "(\(python.function))"
      }
    }
  }
}
