internal import LinuxProcess

/// How far a run is, from its beginning to its end.
enum RunPhase {
  /// The command runs, or the run waits for processes that it has left running.
  case running(SurveyState)
  /// The command has ended. At `until` the handler decides about the processes that it has left
  /// running.
  case grace(until: Instant, SurveyState)
  /// Every process is being ended. A survey that had begun goes on.
  case ending(TreeEnd, ThreadSurvey?)
  /// The run is over, and the processes that are left live on. Those under a filter still need a
  /// tracer.
  case leaving
  /// The tree is being ended, and no event is sent: the front was killed, or something asks for the
  /// end of processes that live on after the run.
  case abandoned(TreeEnd)

  /// A survey that Ctrl-Cs have asked for may be followed by another one; all others end the run.
  enum SurveyState {
    case notBegun
    case inProgress(ThreadSurvey)
  }

  /// How long processes that help the command may take to end after it: a resource tracker, workers
  /// with closed pipes.
  static let grace = Duration.seconds(1)

  // MARK: What holds in a phase

  /// Whether threads are examined and events are sent.
  var sendsEvents: Bool {
    switch self {
    case .running, .grace, .ending: true
    case .leaving, .abandoned: false
    }
  }

  var isEnding: Bool { treeEnd != nil }

  /// The end of the tree, if it has begun.
  var treeEnd: TreeEnd? {
    switch self {
    case .ending(let end, _), .abandoned(let end): end
    case .running, .grace, .leaving: nil
    }
  }

  /// The survey that is in progress.
  var survey: ThreadSurvey? {
    switch self {
    case .running(.inProgress(let survey)), .grace(_, .inProgress(let survey)): survey
    case .ending(_, let survey): survey
    case .running, .grace, .leaving, .abandoned: nil
    }
  }

  var mayBeginSurvey: Bool {
    switch self {
    case .running(.notBegun), .grace(_, .notBegun): true
    default: false
    }
  }

  /// When the phase has something to do without being asked.
  var nextInstant: Instant? {
    let next: Instant? =
      switch self {
      case .grace(let until, _): until
      case .ending(let end, _), .abandoned(let end): end.nextInstant
      case .running, .leaving: nil
      }
    guard let survey else { return next }
    return min(survey.deadline, next ?? survey.deadline)
  }

  // MARK: Transitions

  /// Begins a survey; to be called only if one might begin.
  mutating func beginSurvey(_ survey: ThreadSurvey) {
    if case .ending(let end, _) = self {
      // The handler has ended the tree when it heard of the survey.
      self = .ending(end, survey)
    } else {
      setSurvey(.inProgress(survey))
    }
  }

  /// Ends the survey in progress.
  mutating func endSurvey() {
    if case .ending(let end, _) = self {
      self = .ending(end, nil)
    } else {
      setSurvey(.notBegun)
    }
  }

  private mutating func setSurvey(_ state: SurveyState) {
    switch self {
    case .running: self = .running(state)
    case .grace(let until, _): self = .grace(until: until, state)
    case .ending, .leaving, .abandoned: break
    }
  }

  /// The command's process has ended.
  mutating func commandEnded(at now: Instant) {
    switch self {
    case .running(let survey), .grace(_, let survey):
      self = .grace(until: now + Self.grace, survey)
    case .ending, .abandoned: changeTreeEnd { $0.commandEnded(at: now) }
    case .leaving: break
    }
  }

  /// Whether the grace after the command's end has just passed.
  mutating func endGrace(at now: Instant) -> Bool {
    guard case .grace(let until, let survey) = self, now >= until else { return false }
    self = .running(survey)
    return true
  }

  /// Begins the end of the tree; false if it has begun before, or the run is over.
  mutating func beginEnding(_ end: TreeEnd) -> Bool {
    guard !isEnding, sendsEvents else { return false }
    self = .ending(end, survey)
    return true
  }

  /// Ends the grace of the tree's end at once.
  mutating func hurry() {
    changeTreeEnd { $0.hurry() }
  }

  /// Whether every process is to get the signals of the tree's end now.
  mutating func advanceTreeEnd(to now: Instant) -> Bool {
    var isDue = false
    changeTreeEnd { isDue = $0.advance(to: now) }
    return isDue
  }

  private mutating func changeTreeEnd(_ change: (inout TreeEnd) -> Void) {
    switch self {
    case .ending(var end, let survey):
      change(&end)
      self = .ending(end, survey)
    case .abandoned(var end):
      change(&end)
      self = .abandoned(end)
    case .running, .grace, .leaving: break
    }
  }

  /// The processes that are left live on.
  mutating func leave() {
    self = .leaving
  }

  /// The front was killed: no process would report what becomes of the tree, so it is killed at
  /// once.
  mutating func abandon(at now: Instant) {
    var end = treeEnd ?? .ofTree(at: now)
    end.hurry()
    self = .abandoned(end)
  }

  /// Ends processes that live on after the run; at once if that was asked for before. Returns
  /// whether it has begun.
  mutating func endSurvivors(at now: Instant) -> Bool {
    guard case .leaving = self else {
      if case .abandoned = self { hurry() }
      return false
    }
    self = .abandoned(.ofTree(at: now))
    return true
  }
}
