internal import Glibc

/// Waits for more of a file that is being written, until a signal asks to stop.
struct Follower {
  private var signals = sigset_t()
  private static let pause = timespec(tv_sec: 0, tv_nsec: 50_000_000)

  /// From here on SIGINT and SIGTERM end the waiting and not the process, which reports what was
  /// read.
  init() {
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigprocmask(SIG_BLOCK, &signals, nil)
  }

  /// Waits 50 ms; returns false if one of the signals has come.
  ///
  /// The corresponding C call is `sigtimedwait`.
  mutating func waitForMore() -> Bool {
    var pause = Self.pause
    return sigtimedwait(&signals, nil, &pause) < 0
  }
}
