internal import LinuxProcess
internal import TraceModel

/// The Ctrl-Cs of the terminal: how many in a row the program has left unanswered.
///
/// A program answers if it has a handler that runs, if it ends, or if the tree moves. What is left
/// ignores the signal, blocks it, or is stuck in a call that no signal ends.
struct InterruptCount {
  /// How long the program has time to answer. What comes earlier (a key that is held down) counts
  /// as the same Ctrl-C.
  static let patience = Duration.milliseconds(300)
  /// Ctrl-Cs with more time between them are independent of each other.
  static let closeness = Duration.seconds(3)

  private var count = 0
  private var last: (sample: RunDeadline.Sample, time: Instant)?

  /// A Ctrl-C has reached spawntrace. Returns how many have not been answered, with this one, or nil
  /// if it belongs to the last one.
  mutating func came(
    at now: Instant, isHandled: Bool, _ sample: () -> RunDeadline.Sample
  ) -> Int? {
    if let last, now.since(last.time) < Self.patience { return nil }
    let current = sample()
    defer { last = (current, now) }
    guard let last, !isHandled else {
      count = 1
      return count
    }
    let time = now.since(last.time)
    let hasMoved = current.hasMoved(since: last.sample, by: time / RunDeadline.stillness)
    count = hasMoved || time >= Self.closeness ? 1 : count + 1
    return count
  }
}

/// Whether the tree has moved lately, measured about once a second while a person may press Ctrl-C.
struct Stillness {
  private static let interval = Duration.seconds(1)
  /// A sample takes at most this part of the time.
  private static let costLimit = 1000

  private var samples: [(sample: RunDeadline.Sample, time: Instant)] = []
  /// When the next sample is due.
  private(set) var nextInstant: Instant

  init(from begin: Instant) {
    nextInstant = begin + Self.interval
  }

  /// Takes a sample when it is time.
  mutating func advance(to now: Instant, _ sample: () -> RunDeadline.Sample) {
    guard now >= nextInstant else { return }
    samples = samples.suffix(1) + [(sample(), now)]
    let cost = Instant.now.since(now)
    nextInstant = now + max(Self.interval, cost * Self.costLimit)
  }

  /// Whether the tree has hardly used a processor for a second, and perhaps for longer.
  func isStill(at now: Instant, _ sample: () -> RunDeadline.Sample) -> Bool {
    guard let first = samples.last(where: { now.since($0.time) >= Self.interval }) else {
      return false
    }
    return !sample().hasMoved(
      since: first.sample, by: now.since(first.time) / RunDeadline.stillness)
  }
}
