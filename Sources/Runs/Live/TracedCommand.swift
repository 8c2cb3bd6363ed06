package import Analysis
package import LinuxProcess
internal import SystemPackage
package import TraceModel
package import Tracer

/// A command under the tracer. Only this file makes a `Tracer`.
package final class TracedCommand: LiveEventSource {
  private let tracer: Tracer
  private let front: Front
  private var hasSurvivors = false

  /// Launches the command; its events go to `handler`. To be called by the thread that calls `run`,
  /// because the kernel ties tracees to a thread (ptrace(2)).
  package init(
    _ settings: LiveSettings, front: Front, handler: any TraceHandler
  ) throws(LiveRunError) {
    self.front = front
    do throws(LaunchError) {
      tracer = try Tracer(
        .launch(settings.command), mechanism: settings.mechanism, filtering: settings.filtering,
        // Stacks that aren't believed needn't be read.
        capture: settings.evidence == .systemCalls ? .withoutStacks : settings.capture,
        timeout: settings.timeout, overlays: settings.overlays, by: settings.overlayWay,
        front: front, handler: handler)
    } catch {
      if case .overlaysRefused(let obstacle) = error { throw .overlays(obstacle) }
      throw .launch(error)
    }
  }

  package var monotonicStart: UInt64 { tracer.monotonicStart }

  package var mechanism: Mechanism { tracer.mechanism }

  /// Without a filter no start of a worker can be seen, so silence would mean nothing.
  package var limitations: [Limitation] {
    let files: [Limitation] =
      switch ProcMount.current {
      case .usable: []
      case .missing: [.processFilesUnusable(.missing)]
      case .foreign: [.processFilesUnusable(.foreign)]
      }
    guard tracer.mechanism == .processesOnly else { return files }
    return files + [.opensUnseen(reason: tracer.refusals.last?.explanation ?? "it was asked for")]
  }

  package func run() throws(SystemCallError) -> LiveOutcome {
    let outcome = try tracer.run()
    hasSurvivors = !outcome.survivors.isEmpty
    return LiveOutcome(
      executionError: outcome.executionError, isAbandoned: outcome.isAbandoned)
  }

  package func end(_ ending: Termination) throws(SystemCallError) {
    switch ending {
    case .status(let status): front.end(.status(status), staying: hasSurvivors)
    case .signal(let signal): front.end(.signal(signal), staying: hasSurvivors)
    }
    if hasSurvivors {
      detachFromCaller()
      try tracer.serveSurvivors()
    }
    tracer.closeAfterExit()
  }
}

extension LaunchedProgram.Refusal {
  /// Why the mechanism can't be used.
  fileprivate var explanation: String {
    switch (mechanism, errno) {
    case (.notify, .resourceBusy):
      "another program listens to seccomp notifications here already (a container's)"
    case (.notify, _):
      "the kernel refuses seccomp notifications (\(errno))"
    default:
      "no seccomp filter can be installed here (\(errno))"
    }
  }
}
