internal import CSpawnTrace
internal import Glibc
internal import LinuxProcess

/// The calls that the filter picks in a run in which files are served.
enum ServedCalls {
  /// Every open, because a file may be opened with any flags, and the making of folders for cached
  /// modules; besides those that become events.
  static let patterns: [CallPattern] = {
    let numbers = [
      SYS_openat, CallNumber.open, CallNumber.openat2, CallNumber.creat, SYS_mkdirat,
      CallNumber.mkdir,
    ].compactMap(\.self).map { Int($0) }
    return numbers.map { CallPattern(number: $0) }
      + Interest.patterns.filter { !numbers.contains($0.number) }
  }()
}
