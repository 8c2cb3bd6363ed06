internal import CSpawnTrace
internal import Bytes
internal import Glibc

/// Tells that somebody on the machine opens one of some files; not who.
///
/// The corresponding C calls are `inotify_init1` and `inotify_add_watch` with IN_OPEN (inotify(7)).
package final class FileWatch {
  private let descriptor: OwnedDescriptor

  /// nil where the user has too many of them.
  package init?() {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    if descriptor < 0 { return nil }
    self.descriptor = OwnedDescriptor(descriptor)
  }

  package var rawDescriptor: Int32 {
    descriptor.rawValue
  }

  /// Adds a file; false where it can't be watched.
  package func add(_ path: String) -> Bool {
    path.withExactCString { inotify_add_watch(descriptor.rawValue, $0, UInt32(IN_OPEN)) } >= 0
  }

  /// Leaves it to another process to close it after this one, which is about to exit: that takes up to
  /// 16 ms, and whoever waits for this process is to wait no longer than for its work.
  ///
  /// Not where it would stay as a zombie.
  package func closeBehind() {
    guard FirstProcess.reapsOrphans else { return }
    spawntrace_close_behind(descriptor.rawValue)
  }

  /// Takes away all that has been told.
  package func take() {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while read(descriptor.rawValue, buffer.baseAddress, buffer.count) > 0 {}
    }
  }
}
