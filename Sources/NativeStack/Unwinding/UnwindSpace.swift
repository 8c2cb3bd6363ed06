internal import CLibunwind

/// libunwind's cache of how to leave a place in code, by the addresses that ``NativeImage`` gives.
final class UnwindSpace {
  /// How many places of code it remembers; about 400 bytes each.
  private static let cacheSize = 4096

  private let handle: unw_addr_space_t

  /// nil where there is no memory for it.
  init?() {
    guard let handle = spawntrace_unwind_create(Self.cacheSize) else { return nil }
    self.handle = handle
  }

  deinit {
    spawntrace_unwind_destroy(handle)
  }

  /// Goes from a frame to the next outer one: positive where there is one, 0 after the outermost, or
  /// libunwind's number of what is wrong.
  func leave(_ thread: inout spawntrace_unwind_thread) -> Int32 {
    spawntrace_unwind_leave(handle, &thread)
  }

  /// Forgets everything.
  func flush() {
    spawntrace_unwind_flush(handle)
  }
}
