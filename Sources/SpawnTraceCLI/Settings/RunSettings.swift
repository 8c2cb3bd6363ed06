internal import Analysis
internal import TraceModel
internal import Tracer

/// What a run is to do, however its command line was read; what isn't said otherwise is as usual.
struct RunSettings: Hashable {
  var command: [String]
  var onCycle = RunCommand.OnCycle.stop
  /// In seconds.
  var timeout: Double?
  /// The recording's file.
  var record: String?
  var limits = Limits()
  var reporting = ReportSettings()
  var wait = false
  var killSurvivors = false
  var findingStatus = ExitStatus.finding
  var capture = RunCommand.CaptureChoice.needed
  var mechanism = RunCommand.MechanismChoice.notify
  var watch = RunCommand.WatchChoice.workers
  var evidence = RunCommand.EvidenceChoice.all

  /// What the tracer reads.
  var tracerCapture: Capture {
    switch (evidence, capture) {
    case (.calls, _): .withoutStacks
    case (_, .all): .all
    case (_, .needed): .needed
    }
  }
}
