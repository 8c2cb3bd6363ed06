internal import Glibc
internal import LinuxProcess

/// The end of a whole tree: SIGTERM for every process, and SIGKILL for those that are left after a
/// grace period; before that, perhaps, some time for the command to end the others itself. It says
/// which signals are due; the tracer sends them.
struct TreeEnd {
  /// How long a process may take to end by itself.
  static let grace = Duration.seconds(2)
  /// How long a command that got a signal of its own may take to end by itself: servers finish what
  /// they have begun.
  static let commandGrace = Duration.seconds(8)
  /// How long its other processes may then take.
  static let helperGrace = Duration.seconds(1)

  enum Stage: Hashable, Sendable {
    /// Only the command was asked to end. It may end the others, and what it still starts is left
    /// alone.
    case askingCommand
    case askingTree
    case killing
  }

  private(set) var stage: Stage
  private var graceEnd: Instant
  private var isHurried = false

  /// Begins by asking the whole tree.
  static func ofTree(at now: Instant) -> TreeEnd {
    TreeEnd(stage: .askingTree, graceEnd: now + grace)
  }

  /// Begins by asking the command alone, which gets a signal of its own.
  static func ofCommand(at now: Instant) -> TreeEnd {
    TreeEnd(stage: .askingCommand, graceEnd: now + commandGrace)
  }

  private init(stage: Stage, graceEnd: Instant) {
    self.stage = stage
    self.graceEnd = graceEnd
  }

  /// Ends the grace at once; every process is to be killed then.
  mutating func hurry() {
    graceEnd = Instant(nanoseconds: 0)
    isHurried = true
  }

  /// The command has ended: the others are not waited for as long.
  mutating func commandEnded(at now: Instant) {
    if stage == .askingCommand { graceEnd = min(graceEnd, now + Self.helperGrace) }
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

  /// Whether a grace has just ended, so that `signals` are to be sent to every process.
  mutating func advance(to now: Instant) -> Bool {
    guard stage != .killing, now >= graceEnd else { return false }
    if stage == .askingCommand, !isHurried {
      stage = .askingTree
      graceEnd = now + Self.grace
    } else {
      stage = .killing
    }
    return true
  }
}
