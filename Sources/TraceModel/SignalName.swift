/// Signals by their names (signal(7), x86 and ARM).
package enum SignalName {
  package static let kill: Int32 = 9

  private static let names: [(String, Int32)] = [
    ("SIGHUP", 1), ("SIGINT", 2), ("SIGQUIT", 3), ("SIGILL", 4), ("SIGTRAP", 5), ("SIGABRT", 6),
    ("SIGBUS", 7), ("SIGFPE", 8), ("SIGKILL", 9), ("SIGUSR1", 10), ("SIGSEGV", 11),
    ("SIGUSR2", 12), ("SIGPIPE", 13), ("SIGALRM", 14), ("SIGTERM", 15), ("SIGSTKFLT", 16),
    ("SIGCHLD", 17), ("SIGCONT", 18), ("SIGSTOP", 19), ("SIGTSTP", 20), ("SIGTTIN", 21),
    ("SIGTTOU", 22), ("SIGURG", 23), ("SIGXCPU", 24), ("SIGXFSZ", 25), ("SIGVTALRM", 26),
    ("SIGPROF", 27), ("SIGWINCH", 28), ("SIGIO", 29), ("SIGPOLL", 29), ("SIGPWR", 30),
    ("SIGSYS", 31),
  ]
  private static let numbers = Dictionary(uniqueKeysWithValues: names)

  /// The number of a signal; nil if no signal has the name.
  package static func number(_ name: String) -> Int32? {
    numbers[name]
  }

  /// The name of a signal: `SIGSEGV`; `signal 40` for one that has no name.
  package static func of(_ number: Int32) -> String {
    names.first { $0.1 == number }?.0 ?? "signal \(number)"
  }
}
