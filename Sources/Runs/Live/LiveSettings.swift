package import Analysis
package import LinuxProcess
package import TraceModel
package import Tracer

/// What a live run is to do; what isn't set is as usual.
package struct LiveSettings: Hashable, Sendable {
  package var command: [String]
  package var onCycle = OnCycle.stop
  /// How long the run may take.
  package var timeout: Duration?
  package var limits = Limits()
  package var evidence = Evidence.all
  package var capture = Capture.needed
  package var mechanism = Mechanism.notify
  package var filtering = FilterPolicy.workers
  /// Whether the recording and the reports have all arguments, without secrets, or only those that
  /// the analysis needs.
  package var recordsArguments = false
  /// What becomes of processes that the command leaves running.
  package var survivors = Survivors.leave
  /// Texts that the command and its tree see in the place of files.
  package var overlays: [Overlay] = []
  /// How they come to see them. Served overlays take seccomp notifications, and put all processes
  /// under the filter from their beginning, whatever is set above.
  package var overlayWay = OverlayWay.served

  package init(command: [String]) {
    self.command = command
  }

  /// What to do at the first proof of an error.
  package enum OnCycle: String, Hashable, Sendable, CaseIterable {
    /// End the whole tree.
    case stop
    /// Only report it.
    case report
  }
}
