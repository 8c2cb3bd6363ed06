internal import Glibc

/// Waits for more of a file that is being written, until somebody wants no more of it.
struct Follower {
  private var signals = sigset_t()
  private static let pause = timespec(tv_sec: 0, tv_nsec: 50_000_000)

  /// From here on SIGINT and SIGTERM end the waiting, not the process: what was read is reported.
  init() {
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigprocmask(SIG_BLOCK, &signals, nil)
  }

  /// Waits a moment; false where one of the signals has come.
  ///
  /// The corresponding C call is `sigtimedwait`.
  mutating func waitForMore() -> Bool {
    var pause = Self.pause
    return sigtimedwait(&signals, nil, &pause) < 0
  }
}
