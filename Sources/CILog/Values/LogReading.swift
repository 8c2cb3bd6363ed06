/// What the text of a CI log says.
package struct LogReading: Hashable, Sendable {
  /// The most frequent first.
  package var faults: [LogFault] = []
  /// CPython's bootstrapping errors that no frames belong to.
  package var placelessMessages = 0
  /// Tracebacks and messages that are only quoted: in a diff, by grep, as a program's text.
  package var quotations = 0
  /// How many lines have each trouble; without those that follow from a fault of the log.
  package var troubles: [LogTrouble: Int] = [:]
  /// The checkouts that the log names, as written, without a separator at the end.
  package var roots: [String] = []
  /// Commands that the log repeats before it runs them, if they name a Python program.
  package var commands: [String] = []
  package var firstSeen: LogTime?
  package var lastSeen: LogTime?
  /// Whether the log says that the job passed; nil if it says nothing.
  package var passed: Bool?
  package var lines = 0
  /// Lines of more than 64 KiB. The rest of them wasn't read.
  package var tooLongLines = 0

  package init() {}
}
