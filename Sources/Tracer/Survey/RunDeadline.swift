internal import LinuxProcess
internal import TraceModel

/// The time that a run is given, and whether the tree moves in the last part of it.
struct RunDeadline {
  /// How long before the end the first sample is taken.
  private static let window = Duration.milliseconds(500)
  /// A tree that uses a processor for less than the 20th part of the window stands still: threads
  /// that look ten times a second whether something has happened use less.
  static let stillness = 20

  /// The tree's processes and the processor time that they have used, at one moment.
  struct Sample: Hashable {
    var processorTime: Duration
    var processes: Set<ProcessID>

    init(processorTime: Duration, processes: Set<ProcessID>) {
      self.processorTime = processorTime
      self.processes = processes
    }

    /// Whether there are other processes than before, or these have used a processor for longer
    /// than `limit`. Ended threads take their time along.
    func hasMoved(since first: Sample, by limit: Duration) -> Bool {
      processes != first.processes || processorTime - first.processorTime > limit
    }

    /// Takes a sample of these processes.
    init(of processes: some Collection<ProcessID>) {
      self.processes = Set(processes)
      processorTime = processes.reduce(.zero) { sum, process in
        let folder = ProcessFolder(process)
        return folder.threads.reduce(sum) { $0 + folder.thread($1).processorTime }
      }
    }
  }

  let duration: Duration
  private let end: Instant
  private let firstSampleTime: Instant
  private var first: (sample: Sample, time: Instant)?

  init(after duration: Duration, from begin: Instant) {
    self.duration = duration
    end = begin + duration
    firstSampleTime = end - min(Self.window, duration / 2)
  }

  /// When `advance` has something to do.
  var nextInstant: Instant {
    first == nil ? firstSampleTime : end
  }

  /// Takes a sample when it is time. Once the time has passed, returns whether the tree has moved.
  mutating func advance(to now: Instant, _ sample: () -> Sample) -> Bool? {
    guard now >= nextInstant else { return nil }
    let sample = sample()
    guard let first else {
      self.first = (sample, now)
      return nil
    }
    return sample.hasMoved(since: first.sample, by: now.since(first.time) / Self.stillness)
  }
}
