internal import CLibunwind

/// libunwind's cache of how to leave positions in code, by the addresses that ``NativeImage``
/// assigns.
final class UnwindSpace {
  /// The number of positions that are cached; each takes about 400 bytes.
  private static let cacheSize = 4096

  private let handle: unw_addr_space_t

  /// Makes an empty cache; nil if there is no memory for it.
  init?() {
    guard let handle = spawntrace_unwind_create(Self.cacheSize) else { return nil }
    self.handle = handle
  }

  deinit {
    spawntrace_unwind_destroy(handle)
  }

  /// Goes from a frame to the next outer one. Returns a positive number if there is one, 0 after
  /// the outermost one, or libunwind's error number.
  func leave(_ thread: inout spawntrace_unwind_thread) -> Int32 {
    spawntrace_unwind_leave(handle, &thread)
  }

  /// Empties the cache.
  func flush() {
    spawntrace_unwind_flush(handle)
  }
}
