internal import JSON
package import TraceModel

/// Writes a recording line by line: one `write(2)` for each line. After a crash only the last line can be
/// incomplete.
package struct Recorder: ~Copyable {
  private var writer = JSONWriter(.line)
  /// Stacks repeat, and are written once: a pool creates all its pipes at one place.
  private var stacks = NumberTable<StackReading>()
  private var nativeStacks = NumberTable<MixedStack>()
  private let write: ([UInt8]) -> Bool
  /// Whether a line could not be written. No line is written after that: it would be appended to a torn
  /// one, and both would be lost.
  package private(set) var hasFailed = false

  /// - Parameter write: Writes a line, which has its end, and returns whether all of it was written.
  package init(_ write: @escaping ([UInt8]) -> Bool) {
    self.write = write
  }

  package mutating func write(_ header: RecordingHeader) {
    line { $0.header(header) }
  }

  package mutating func write(_ event: Event) {
    let stack = event.stack.map { number(of: $0) }
    let main = event.mainStack.map { number(of: $0) }
    let native = event.nativeStack.map { stack in
      let known = nativeStacks.number(of: stack)
      if known.isNew { line { $0.nativeStack(stack, number: known.number) } }
      return known.number
    }
    line { $0.event(event, stack: stack, main: main, native: native) }
  }

  /// The number of a stack, which is written if it is new.
  private mutating func number(of stack: StackReading) -> Int {
    let known = stacks.number(of: stack)
    if known.isNew { line { $0.stack(stack, number: known.number) } }
    return known.number
  }

  /// Records that spawntrace begins to end the tree.
  package mutating func writeStop(at time: TraceTime) {
    line { $0.stop(time) }
  }

  /// Records the edit for a fault that the next event, or the run as a whole, proves.
  package mutating func write(_ fix: ProposedFix) {
    line { $0.fix(fix) }
  }

  package mutating func write(_ end: RecordingEnd) {
    line { $0.end(end) }
  }

  private mutating func line(_ content: (inout JSONWriter) -> Void) {
    guard !hasFailed else { return }
    writer.clear()
    content(&writer)
    writer.endLine()
    hasFailed = !write(writer.bytes)
  }
}
