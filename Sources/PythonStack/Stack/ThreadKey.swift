/// By what a thread is recognized among Python's thread states.
package enum ThreadKey: Hashable, Sendable {
  /// The thread's `fs_base`, which is what `pthread_self()` is on x86_64: right in each version, and
  /// in a child of vfork as well.
  case threadPointer(UInt64)
  /// The kernel's number of the thread, where the registers can't be read; as the process itself
  /// sees it, so in a pid namespace of its own another than the tracer's.
  ///
  /// It is looked for where glibc keeps it behind `pthread_self()` on x86_64, then in
  /// `native_thread_id` (3.11 and later). Where neither knows it, as in a child of vfork, and the
  /// process has only one thread, that is the one thread state with frames. A child of vfork has the
  /// memory of its parent, so the number of the thread that called vfork leads to it as well, and
  /// surely.
  case threadID(Int32, isOnlyThread: Bool)
}
