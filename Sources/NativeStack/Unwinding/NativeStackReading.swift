package import TraceModel

/// A native frame with the registers that give its position among other frames.
package struct RawNativeFrame: Hashable, Sendable {
  /// The address at which the frame continues. In all but the innermost frame it is behind a call.
  package var instructionPointer: UInt64
  /// The stack pointer at that address. The frame's local variables are between it and the next
  /// outer frame's stack pointer.
  package var stackPointer: UInt64
  package var frame: NativeFrame

  package init(instructionPointer: UInt64, stackPointer: UInt64, frame: NativeFrame) {
    self.instructionPointer = instructionPointer
    self.stackPointer = stackPointer
    self.frame = frame
  }
}

/// The native stack of one thread at one moment.
package struct NativeStackReading: Hashable, Sendable {
  /// The frames, innermost first.
  package var frames: [RawNativeFrame]
  /// Why outer frames are missing; nil if the stack is whole.
  package var cut: NativeStackCut?

  package init(frames: [RawNativeFrame], cut: NativeStackCut? = nil) {
    self.frames = frames
    self.cut = cut
  }
}

/// Why a native stack ends before the thread's beginning.
package enum NativeStackCut: Hashable, Sendable, CustomStringConvertible {
  /// The limit on frames was reached.
  case tooDeep(Int)
  /// The code of the last frame has no unwind table, or none that can be read: musl's library,
  /// hand-written code, a JIT compiler's code. `image` is the mapping's name; nil if it has none.
  case noUnwindTable(image: String?)
  /// The next frame would continue at an address without code.
  case notCode(address: UInt64)
  /// The thread is new and has no caller yet.
  case newThread
  /// Memory couldn't be read or contradicts itself; with libunwind's error number (unw_error_t).
  case damaged(code: Int32)

  package var description: String {
    switch self {
    case .tooDeep(let limit): "more than \(limit) frames"
    case .noUnwindTable(let image?): "\(image) has no unwind table for its code there"
    case .noUnwindTable(nil): "code in memory without a file has no unwind table"
    case .notCode(let address): "0x\(String(address, radix: 16)) is not in code"
    case .newThread: "the thread has just begun"
    case .damaged(let code): "the stack can't be followed (libunwind: \(code))"
    }
  }
}
