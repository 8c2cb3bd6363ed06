/// Signals by the names that strace gives them (signal(7), x86 and ARM).
enum StraceSignals {
  private static let numbers: [String: Int32] = [
    "SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGILL": 4, "SIGTRAP": 5, "SIGABRT": 6, "SIGBUS": 7,
    "SIGFPE": 8, "SIGKILL": 9, "SIGUSR1": 10, "SIGSEGV": 11, "SIGUSR2": 12, "SIGPIPE": 13,
    "SIGALRM": 14, "SIGTERM": 15, "SIGSTKFLT": 16, "SIGCHLD": 17, "SIGCONT": 18, "SIGSTOP": 19,
    "SIGTSTP": 20, "SIGTTIN": 21, "SIGTTOU": 22, "SIGURG": 23, "SIGXCPU": 24, "SIGXFSZ": 25,
    "SIGVTALRM": 26, "SIGPROF": 27, "SIGWINCH": 28, "SIGIO": 29, "SIGPOLL": 29, "SIGPWR": 30,
    "SIGSYS": 31,
  ]

  /// Those whose delivery means nothing but that time or a child has passed; no event live either.
  private static let untold: Set<Int32> = [14, 17, 18, 23, 26, 27, 28]

  /// `SIGTERM`, `SIGRT_3`, `SIGRTMIN`; nil for what is none.
  static func number(_ name: StraceBytes) -> Int32? {
    var rest = name
    if rest.skip("SIGRT_"), let number = rest.number() { return 32 + Int32(clamping: number) }
    if name == "SIGRTMIN" { return 32 }
    return numbers[name.text]
  }

  static func isTold(_ signal: Int32) -> Bool {
    !untold.contains(signal)
  }
}
