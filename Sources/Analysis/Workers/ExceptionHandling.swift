internal import Multiprocessing
internal import TraceModel

/// What became of an exception whose traceback a process begins to write.
enum ExceptionHandling: Hashable, Sendable {
  /// It has ended the work: the interpreter itself prints it, without a frame of the program, or
  /// `Process._bootstrap` does (Lib/multiprocessing/process.py).
  case uncaught
  /// The program has caught it, prints it by itself, and goes on.
  case caught
  /// There is no stack: in a log, or because it can't be read.
  case unknown
  /// The process has written so many tracebacks that no stack was read any more. What is most
  /// likely after so many that it has survived is that it has survived this one, too.
  case skipped

  /// - Parameters:
  ///   - reading: The stack at the traceback's head; nil if none was read.
  ///   - before: What became of the exception before it.
  init(_ reading: StackReading?, after before: ExceptionHandling?) {
    guard case .read(let stack) = reading, stack.cut == nil else {
      let hadStack = before == .uncaught || before == .caught || before == .skipped
      self = reading == nil && hadStack ? .skipped : .unknown
      return
    }
    let isPrintedAtEnd: Bool
    if let bootstrap = stack.frames.firstIndex(where: { $0.plays(.bootstraps) }) {
      isPrintedAtEnd = bootstrap > 0 && stack.frames[bootstrap - 1].printsTraceback
    } else {
      isPrintedAtEnd = !stack.frames.contains {
        CodeOrigin(path: $0.path) == .user || $0.runsProgramCode
      }
    }
    self = isPrintedAtEnd ? .uncaught : .caught
  }
}
