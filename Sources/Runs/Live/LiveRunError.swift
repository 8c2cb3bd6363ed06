package import LinuxProcess

/// Why a command can't be traced, or not any further.
package enum LiveRunError: Error {
  case launch(LaunchError)
  /// The overlays can't be shown to the command in the way that was asked for; nothing was executed.
  case overlays(OverlayObstacle)
  /// The command was ended.
  case tracing(SystemCallError)
  /// The recording's file can't be created; nothing was started.
  case recording(path: String, OutputObstacle)
}
