/// The value by which a thread is recognized among Python's thread states.
package enum ThreadKey: Hashable, Sendable {
  /// The thread pointer, which is the thread's `pthread_self()` (`fs_base` on x86_64). It is right
  /// in each version of Python, and in a child of vfork, too.
  case threadPointer(UInt64)
  /// The kernel's number of the thread, used if its registers can't be read. It is the number
  /// that the process itself sees, which in a pid namespace of its own differs from the tracer's.
  ///
  /// The number is compared with the one that glibc keeps behind `pthread_self()`
  /// (``Architecture/threadIDOffset``), then with `native_thread_id` (3.11 and later). If neither
  /// matches, as in a child of vfork, and the process has only one thread, the thread is the one
  /// thread state with frames. A child of vfork has the memory of its parent, so the number of the
  /// thread that called vfork finds it, too, and with certainty.
  case threadID(Int32, isOnlyThread: Bool)
}
