internal import Bytes
internal import TraceModel

/// Joins the pieces that a process writes to standard error to lines, and decides which lines are
/// worth an event, and which of these are worth a stack.
///
/// CPython 3.6 and 3.13 write a traceback in a few pieces; 3.7 to 3.12 write each line, each part
/// of the last one, and each of the marks below a line by itself (Python/traceback.c,
/// `tb_displayline`; Python/pythonrun.c, `print_exception`); `traceback` and unittest write it in
/// one. A program that logs writes lines without end: the cost for each of them is constant.
package struct StandardErrorLines: Sendable {
  /// A text that is worth an event.
  package struct Worth: Sendable {
    /// Whole lines.
    package var text: [UInt8]
    /// Whether a stack at this write can still prove something.
    package var wantsStack: Bool
  }

  /// How many lines that aren't a frame's may follow one: the program's text, then the exception.
  private static let tail = 8
  /// The longest line that is kept, in bytes.
  private static let limit = 65_536

  /// How many more lines may belong to the traceback.
  private var remaining = 0
  private var line: [UInt8] = []
  /// Stacks at tracebacks' heads: each may be the exception that ends the worker.
  private var stacksAtHeads = StackBudget(initial: 1024)
  /// Stacks at other lines of a worker in its boot window.
  private var stacksInBootWindow = StackBudget(initial: 64)

  package init() {}

  /// Adds a piece that the process writes. Returns the lines that it completes, if they belong to a
  /// traceback, say that a start is refused, or show where a worker is in its boot window.
  package mutating func write(
    _ piece: UnsafeRawBufferPointer, by process: ProcessState
  ) -> Worth? {
    let begins = piece.contains(TracebackReader.head)
    guard begins || remaining > 0 || process.isBooting || !line.isEmpty else { return nil }
    if line.count + piece.count > Self.limit { line.removeAll(keepingCapacity: true) }
    line.append(contentsOf: piece)
    guard line.last == UInt8(ascii: "\n") else { return nil }
    defer { line.removeAll(keepingCapacity: true) }
    // The marks below a line of the program.
    if line.allSatisfy({ " ~^\n".utf8.contains($0) }) { return nil }
    if begins || line.starts(with: TracebackReader.frame) {
      remaining = Self.tail
    } else if remaining > 0 {
      remaining -= 1
    } else if process.isBooting {
      return text(inBootWindowOf: process)
    } else {
      return nil
    }
    return Worth(text: line, wantsStack: wantsStack(process, atHead: begins))
  }

  /// A worker's line that isn't part of a traceback. The stack shows what the worker executes in
  /// its boot window; the text says something only if it is the message of a refusal.
  private mutating func text(inBootWindowOf process: ProcessState) -> Worth? {
    let wantsStack = wantsStack(process, atHead: false)
    let isRefusal = line.withUnsafeBytes { $0.contains(StartRefusal.phrase) }
    return wantsStack || isRefusal ? Worth(text: line, wantsStack: wantsStack) : nil
  }

  /// Whether a stack at a line can prove something: at a traceback's head, whether a worker caught
  /// the exception; and where a worker is in its boot window.
  private mutating func wantsStack(_ process: ProcessState, atHead isHead: Bool) -> Bool {
    let isWorker = process.role == .forkWorker || process.belongsToWorker
    if isHead, isWorker || process.isBooting { return stacksAtHeads.spend() }
    return process.isBooting && stacksInBootWindow.spend()
  }
}

extension [UInt8] {
  fileprivate func starts(with text: StaticString) -> Bool {
    text.withUTF8Buffer { starts(with: $0) }
  }
}
