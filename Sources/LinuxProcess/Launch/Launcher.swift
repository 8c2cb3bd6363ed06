internal import Bytes
internal import CSpawnTrace
internal import Glibc
package import SystemPackage
package import TraceModel

/// A program that was launched and is traced by this thread.
package struct LaunchedProgram: ~Copyable {
  package let process: ProcessID
  package let mechanism: Mechanism
  /// Why the better mechanisms were not available, each with its errno, best mechanism first.
  package let refusals: [Refusal]
  /// The listener's descriptor; nil if the mechanism has none, and once it was handed over.
  private var listener: Int32?
  /// Whether the listener can answer a call with a descriptor in one step; known if it was asked for.
  private let answersInOneStep: Bool
  private let statusSocket: OwnedDescriptor

  package struct Refusal: Hashable, Sendable {
    package let mechanism: Mechanism
    package let errno: Errno
  }

  fileprivate init(_ result: spawntrace_launch_result) {
    process = ProcessID(rawValue: result.pid)
    mechanism = Mechanism(code: result.mechanism)
    var refusals: [Refusal] = []
    if result.notify_error != 0 {
      refusals.append(.init(mechanism: .notify, errno: Errno(rawValue: result.notify_error)))
    }
    if result.trace_error != 0 {
      refusals.append(.init(mechanism: .trace, errno: Errno(rawValue: result.trace_error)))
    }
    self.refusals = refusals
    listener = result.listener < 0 ? nil : result.listener
    answersInOneStep = result.answers_in_one_step != 0
    statusSocket = OwnedDescriptor(result.status_socket)
  }

  /// Hands over the listener of the notifications, once; nil if there is none.
  package mutating func takeListener() -> NotificationListener? {
    defer { listener = nil }
    return listener.map {
      NotificationListener(OwnedDescriptor($0), answersInOneStep: answersInOneStep)
    }
  }

  /// Returns why the program was never executed; nil if it was. To be called when its process is
  /// gone.
  package func executionError() -> Errno? {
    let error = spawntrace_launch_exec_error(statusSocket.rawValue)
    return error == 0 ? nil : Errno(rawValue: error)
  }
}

/// The reason why nothing could be launched.
package enum LaunchError: Error {
  case system(SystemCallError)
  /// The kernel doesn't let this process trace its child.
  case tracingRefused(Errno, TracingObstacle)
  /// Something killed the child before it was ready.
  case lost
  /// The command would not see what it is to see in the place of files.
  case overlaysRefused(OverlayObstacle)
}

package enum Launcher {
  /// Starts `arguments` under the tracer and finds the command through PATH, as `execvp` does.
  ///
  /// The corresponding C calls are `fork`, `ptrace(PTRACE_SEIZE)`, `seccomp` and `execvp`. Whether
  /// the last one succeeds is known later: see `LaunchedProgram.executionError()`.
  package static func launch(
    _ arguments: [String], patterns: [CallPattern], mechanism: Mechanism,
    inheriting signals: StopSignal.InheritedSignals, preparation: LaunchPreparation = .none
  ) throws(LaunchError) -> LaunchedProgram {
    // Everything is made before the fork: the child may call nothing that allocates or locks.
    let arguments = CStrings(arguments)
    let prepared = PreparedLaunch(preparation)
    let notify = FilterProgram(patterns, action: .notify).instructions
    let trace = FilterProgram(patterns, action: .trace).instructions

    var result = spawntrace_launch_result()
    let status = notify.withUnsafeBufferPointer { notify in
      trace.withUnsafeBufferPointer { trace -> Int32 in
        var request = spawntrace_launch_request(
          arguments: arguments.pointers, notify_filter: notify.baseAddress,
          trace_filter: trace.baseAddress, notify_filter_length: UInt16(notify.count),
          trace_filter_length: UInt16(trace.count), mechanism: Int32(mechanism.code),
          signal_mask: signals.mask, child_action: signals.childAction,
          answers_with_descriptors: 0, mounts: nil, mount_count: 0, environment: nil)
        prepared.complete(&request)
        return spawntrace_launch(&request, spawntrace_ptrace_options(), &result)
      }
    }
    withExtendedLifetime((arguments, prepared)) {}
    guard status == 0 else { throw error(of: result) }
    return LaunchedProgram(result)
  }

  private static func error(of result: spawntrace_launch_result) -> LaunchError {
    let errno = Errno(rawValue: result.error)
    switch spawntrace_stage(UInt32(bitPattern: result.failed_stage)) {
    case spawntrace_stage_seize: return .tracingRefused(errno, TracingObstacle.find())
    case spawntrace_stage_socket: return .system(SystemCallError("socketpair", errno))
    case spawntrace_stage_fork: return .system(SystemCallError("fork", errno))
    case spawntrace_stage_listener: return .overlaysRefused(.listenerRefused(errno))
    case spawntrace_stage_descriptors: return .overlaysRefused(.descriptorsRefused(errno))
    case spawntrace_stage_unshare:
      return .overlaysRefused(.namespaceRefused(call: "unshare", errno))
    case spawntrace_stage_identity:
      return .overlaysRefused(.namespaceRefused(call: "write(/proc/self/uid_map)", errno))
    case spawntrace_stage_mount: return .overlaysRefused(.namespaceRefused(call: "mount", errno))
    default: return .lost
    }
  }
}

extension Mechanism {
  fileprivate var code: UInt32 {
    switch self {
    case .notify: spawntrace_mechanism_notify.rawValue
    case .trace: spawntrace_mechanism_trace.rawValue
    case .processesOnly: spawntrace_mechanism_events.rawValue
    }
  }

  fileprivate init(code: Int32) {
    self = Mechanism.allCases.first { $0.code == UInt32(bitPattern: code) } ?? .processesOnly
  }
}
