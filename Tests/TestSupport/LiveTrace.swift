internal import CTestSupport
internal import Foundation
package import TraceModel

/// A stop of a program that a test traces.
package struct LiveStop: Sendable {
  package let thread: ThreadID
  /// The thread group's id.
  package let process: ProcessID
  package let kind: Kind
  /// PTRACE_GETEVENTMSG: a new child's id.
  package let message: UInt

  package enum Kind: Hashable, Sendable {
    case signal(Int32)
    /// fork(2), vfork(2), or a clone(2) that creates a process or a thread.
    case fork
    case vfork
    case clone
    case exec
    case other
  }
}

/// Traces programs with ptrace(2) for tests, without the code of the product.
package enum LiveTrace {
  package enum Answer: Int32, Sendable {
    /// The thread runs on, and doesn't get its signal.
    case resume = 0
    /// The thread runs on with its signal.
    case deliver = 1
    /// Everything is killed.
    case end = 2
  }

  package struct Failure: Error, CustomStringConvertible {
    package let code: Int32
    package var description: String { "the program could not be traced: error \(code)" }
  }

  /// Runs `command`, which begins with a path, and calls `body` at each stop of all its processes.
  /// All calls come from one thread of its own.
  ///
  /// - Parameter root: The program's root folder, in a mount namespace of its own; needs root.
  package static func run(
    _ command: [String], root: String? = nil, environment: [String: String] = [:],
    timeout: Double = 60, _ body: (LiveStop) -> Answer
  ) throws {
    var variables = ProcessInfo.processInfo.environment
    variables.merge(environment) { _, new in new }
    let error = withoutActuallyEscaping(body) { body in
      let context = Context(body: body)
      return withPointers(command) { arguments in
        withPointers(variables.map { "\($0.key)=\($0.value)" }) { environment in
          withPointers([root ?? ""]) { texts -> Int32 in
            guard let arguments = arguments.baseAddress, let environment = environment.baseAddress,
              let folder = texts[0]
            else { return EINVAL }
            var program = ctest_traced(
              arguments: arguments, environment: environment,
              root: root == nil ? nil : UnsafePointer(folder), milliseconds: Int32(timeout * 1000))
            return ctest_trace(
              &program,
              { stop, context in
                let context = Unmanaged<Context>.fromOpaque(context).takeUnretainedValue()
                return context.body(LiveStop(stop.pointee)).rawValue
              }, Unmanaged.passUnretained(context).toOpaque())
          }
        }
      }
    }
    guard error == 0 else { throw Failure(code: error) }
  }

  /// The monotonic clock in nanoseconds.
  package static func clock() -> UInt64 {
    ctest_clock()
  }

  private final class Context {
    let body: (LiveStop) -> Answer

    init(body: @escaping (LiveStop) -> Answer) {
      self.body = body
    }
  }

  private static func withPointers<Result>(
    _ strings: [String], _ body: (UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeBufferPointer(body)
  }
}

extension LiveStop {
  fileprivate init(_ stop: ctest_stop) {
    // <linux/ptrace.h>: PTRACE_EVENT_FORK and the following ones.
    let kind: Kind =
      switch stop.event {
      case 0: .signal(stop.signal)
      case 1: .fork
      case 2: .vfork
      case 3: .clone
      case 4: .exec
      default: .other
      }
    self.init(
      thread: ThreadID(rawValue: stop.thread), process: ProcessID(rawValue: stop.process),
      kind: kind, message: stop.message)
  }
}
