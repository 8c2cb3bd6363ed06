package import Analysis
package import Input
package import TraceModel

/// How a run is judged again.
package struct ReplayOptions {
  /// What is believed of a worker's start; nil for what the recorded run believed.
  package var evidence: Evidence?
  /// Whether to wait for more of a file whose run hasn't ended.
  package var isFollowed = false
  /// Whether reports have all arguments of an strace log, without secrets, or only those that the
  /// analysis needs.
  package var keepsArguments = false
  /// What a compressed file may unpack to.
  package var unpacking = UnpackLimit()
  /// Makes the limits from those of the recorded run.
  package var limits: (Limits) -> Limits = { $0 }

  package init() {}
}
