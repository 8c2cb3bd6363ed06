package import TraceModel

/// Writes a recording line by line, each handed over as a whole: one `write(2)` a line, so that what
/// was written before a crash is whole but for its last line.
package struct Recorder: ~Copyable {
  private var writer = LineWriter()
  /// Stacks repeat: a pool makes its pipes at one place.
  private var stacks = SlotTable<StackReading>()
  private var nativeStacks = SlotTable<MixedStack>()
  private let write: ([UInt8]) -> Bool
  /// Whether a line could not be written, after which none is: a torn one in the middle would take the
  /// next with it.
  package private(set) var hasFailed = false

  /// `write` takes a line with its end, and returns whether all of it was written.
  package init(_ write: @escaping ([UInt8]) -> Bool) {
    self.write = write
  }

  package mutating func write(_ header: RecordingHeader) {
    line { $0.header(header) }
  }

  package mutating func write(_ event: Event) {
    let stack = event.stack.map { stack in
      let known = stacks.number(of: stack)
      if known.isNew { line { $0.stack(stack, number: known.number) } }
      return known.number
    }
    let native = event.nativeStack.map { stack in
      let known = nativeStacks.number(of: stack)
      if known.isNew { line { $0.nativeStack(stack, number: known.number) } }
      return known.number
    }
    line { $0.event(event, stack: stack, native: native) }
  }

  /// The tree is being ended.
  package mutating func writeStop(at time: TraceTime) {
    line { $0.stop(time) }
  }

  package mutating func write(_ end: RecordingEnd) {
    line { $0.end(end) }
  }

  private mutating func line(_ content: (inout LineWriter) -> Void) {
    guard !hasFailed else { return }
    writer.clear()
    content(&writer)
    writer.endLine()
    hasFailed = !write(writer.bytes)
  }
}
