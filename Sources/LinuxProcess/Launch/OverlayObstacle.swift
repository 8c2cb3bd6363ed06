package import SystemPackage

/// The reason why the command can't see other texts in the place of files. Nothing was executed.
package enum OverlayObstacle: Error, Hashable, Sendable {
  /// The file of an overlay can't be found, or isn't a regular file.
  case noSuchFile(path: String)
  /// The text can't be kept: in memory, or in a file for a mount.
  case textNotKept(Errno)
  /// /proc doesn't show the processes of the run: see `ProcMount`.
  case processFilesUnusable
  /// The kernel, or a container, allows no seccomp notifications here.
  case listenerRefused(Errno)
  /// A call can't be answered with a descriptor: the kernel is older than 5.9 (EINVAL), or the filter
  /// of a container refuses it.
  case descriptorsRefused(Errno)
  /// The command can't have a mount namespace of its own. The call is the one that failed.
  case namespaceRefused(call: String, Errno)
}
