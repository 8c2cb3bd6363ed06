internal import Bytes
internal import CSpawnTrace
internal import Glibc

/// Reports that some process of the machine has opened one of a set of files, but not which
/// process.
///
/// The corresponding C calls are `inotify_init1` and `inotify_add_watch` with IN_OPEN (inotify(7)).
package final class FileOpenMonitor {
  private let descriptor: OwnedDescriptor

  /// Returns nil if the user has too many inotify instances.
  package init?() {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    if descriptor < 0 { return nil }
    self.descriptor = OwnedDescriptor(descriptor)
  }

  package var rawDescriptor: Int32 {
    descriptor.rawValue
  }

  /// Adds a file; false if it can't be monitored.
  package func add(_ path: String) -> Bool {
    path.withExactCString { inotify_add_watch(descriptor.rawValue, $0, UInt32(IN_OPEN)) } >= 0
  }

  /// Hands the descriptor to a helper process that closes it after this process has exited. Closing
  /// takes up to 16 ms, which our caller shouldn't wait for.
  ///
  /// Does nothing if the helper would stay as a zombie.
  package func closeAfterExit() {
    guard FirstProcess.reapsOrphans else { return }
    spawntrace_close_after_exit(descriptor.rawValue)
  }

  /// Drains the reports.
  package func drain() {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while read(descriptor.rawValue, buffer.baseAddress, buffer.count) > 0 {}
    }
  }
}
