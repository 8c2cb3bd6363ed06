internal import TraceModel

/// Signals by the names that strace gives them.
enum StraceSignals {
  /// Those whose delivery means nothing but that time or a child has passed; no event live either.
  private static let untold: Set<Int32> = [14, 17, 18, 23, 26, 27, 28]

  /// `SIGTERM`, `SIGRT_3`, `SIGRTMIN`; nil for what is none.
  static func number(_ name: StraceBytes) -> Int32? {
    var rest = name
    if rest.skip("SIGRT_"), let number = rest.number() { return 32 + Int32(clamping: number) }
    if name == "SIGRTMIN" { return 32 }
    return SignalName.number(name.text)
  }

  static func isTold(_ signal: Int32) -> Bool {
    !untold.contains(signal)
  }
}
