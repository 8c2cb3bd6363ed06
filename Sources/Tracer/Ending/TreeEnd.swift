internal import Glibc
internal import LinuxProcess

/// The end of a whole tree: SIGTERM for every process, and SIGKILL for those that are left after a
/// grace period. It says which signals are due; the tracer sends them.
struct TreeEnd {
  /// How long a process may take to end by itself.
  static let grace = Duration.seconds(2)

  enum Stage: Hashable, Sendable {
    /// Only the command was asked to end. What it still starts is left alone until the grace is
    /// over.
    case askingCommand
    case askingTree
    case killing
  }

  private(set) var stage: Stage
  private var graceEnd: Instant

  /// Begins by asking the whole tree.
  static func ofTree(at now: Instant) -> TreeEnd {
    TreeEnd(stage: .askingTree, graceEnd: now + grace)
  }

  /// Begins by asking the command alone, which gets a signal of its own.
  static func ofCommand(at now: Instant) -> TreeEnd {
    TreeEnd(stage: .askingCommand, graceEnd: now + grace)
  }

  private init(stage: Stage, graceEnd: Instant) {
    self.stage = stage
    self.graceEnd = graceEnd
  }

  /// Ends the grace at once.
  mutating func hurry() {
    graceEnd = Instant(nanoseconds: 0)
  }

  /// The signals that a process gets in this stage, also one that has only been created in it.
  var signals: [Int32] {
    switch stage {
    case .askingCommand: []
    // A stopped process gets SIGTERM only when it runs again.
    case .askingTree: [SIGTERM, SIGCONT]
    case .killing: [SIGKILL]
    }
  }

  /// When `advance` has something to do; nil if it has nothing more.
  var nextInstant: Instant? {
    stage == .killing ? nil : graceEnd
  }

  /// Whether the grace has just ended, so that every process is to be killed.
  mutating func advance(to now: Instant) -> Bool {
    guard stage != .killing, now >= graceEnd else { return false }
    stage = .killing
    return true
  }
}
