package import Analysis
internal import Multiprocessing
internal import TraceModel

extension Finding {
  /// The finding in one sentence, without a full stop.
  package var title: String {
    let script = script?.path.lastPathComponent
    switch detail {
    case .cycle(let cycle):
      return "\(script ?? "the main script") is run again by \(cycle.runner) that it starts"
    case .respawn(let end, let isPool):
      let worker = isPool ? "each worker of the Pool" : "each worker"
      return switch end.phase {
      case .boot: "\(worker) dies importing \(script ?? "its main script"), and is replaced"
      case .task: "\(worker) \(end.verb), and is replaced"
      }
    case .nesting(let depth):
      return "each worker of \(script ?? "the main script") starts workers, \(depth) deep"
    case .liveProcesses(let count, let limit):
      return "\(count) processes live at once, and \(limit) are allowed"
    case .repeats(let repeats): return repeats.title(rule, script ?? "the program")
    case .selfStarts:
      return "\(script ?? "the program") goes on starting itself after the command has ended"
    case .deadlock(let main, let program, let circle):
      let name = program?.lastPathComponent ?? "the command"
      return "nothing moves: " + Self.wait(of: name, main, circle)
    case .lostTask(let end):
      return "\(script ?? "the program") waits for ever for a task whose worker \(end.pastVerb)"
    case .work(let workers, let programs):
      return "\(script ?? "the main script") \(Self.work(workers, programs)) again in each worker "
        + "that imports it"
    case .workerEnd(let end): return end.title(startMethod)
    case .neverRan(_, let isServer):
      let worker = startMethod.map { "a \($0.rawValue) worker" } ?? "a worker"
      return "\(isServer ? "the forkserver" : worker) ended importing "
        + "\(script ?? "its main script"), and ran no task"
    case .notLaunched: return "what a worker should run could not be sent: no worker was started"
    case .lookup(let end):
      let name = end.lookup.map { "`\($0.name)`" } ?? "what it should run"
      return "a worker does not find \(name)"
    case .pickling(let traceback):
      return switch traceback.unpicklable {
      case .lambda: "a lambda cannot be sent to a worker"
      case .local(let name): "`\(name)`, which is local, cannot be sent to a worker"
      case .named(let name): "`\(name)` cannot be sent to a worker"
      case nil: "what a worker should run cannot be pickled"
      }
    }
  }

  private static func wait(of name: some StringProtocol, _ main: SurveyedThread, _ circle: [Int])
    -> String
  {
    switch circle.count {
    case 0: "\(name) \(main.activity.phrase)"
    case 1: "\(name) waits for itself"
    case 2 where circle.contains(main.process): "\(name) waits for a process that waits for it"
    default: "\(circle.count) processes wait for each other"
    }
  }

  private static func work(_ workers: Int, _ programs: Int) -> String {
    switch (workers, programs) {
    case (1, _): "forks a process"
    case (1..., _): "forks \(workers) processes"
    case (_, 1): "runs a program"
    default: "runs \(programs) programs"
    }
  }
}

extension Finding.Cycle {
  /// What runs the script again.
  package var runner: String {
    switch self {
    case .worker, .library: "each worker"
    case .server: "the forkserver"
    case .executable(.resourceTracker): "the resource tracker"
    case .executable: "each worker"
    }
  }
}

extension Finding.Repeats {
  fileprivate func title(_ rule: Rule, _ name: some StringProtocol) -> String {
    let others = round.dropFirst().filter {
      rule == .selfExecLoop || $0.program != round[0].program
    }
    // A shell in between says less than the script that starts it.
    let other = (others.first { $0.site != nil } ?? others.first)
      .map { $0.program?.lastPathComponent }
    if rule == .selfExecLoop {
      guard let other else { return "\(name) replaces itself, again and again" }
      return "\(name) replaces itself through \(other ?? "another program"), again and again"
    }
    guard let other else { return "\(name) starts itself, again and again" }
    return "\(name) starts itself through \(other ?? "others")"
  }
}

extension WorkerEnd {
  /// What it did, after "whose worker" or "a worker".
  var pastVerb: String {
    switch reason {
    case .exception(let traceback): "died of \(traceback.exception)"
    case .signal(let signal, _): "died of \(SignalName.of(signal))"
    case .exit(let status): "ended with status \(status)"
    }
  }

  fileprivate var verb: String {
    switch reason {
    case .exception(let traceback): "dies of \(traceback.exception)"
    case .signal(let signal, _): "dies of \(SignalName.of(signal))"
    case .exit(let status): "ends with status \(status)"
    }
  }

  fileprivate func title(_ method: StartMethod?) -> String {
    let worker = method.map { "a \($0.rawValue) worker" } ?? "a worker"
    let when = phase == .boot ? " before it was ready" : ""
    switch reason {
    case .exception(let traceback): return "\(worker) died of \(traceback.exception)\(when)"
    case .signal(let signal, let sender):
      let origin =
        switch sender {
        case process: ", which it sent itself"
        case _?: senderID.map { ", which process \($0.rawValue) sent" } ?? ""
        case nil: ""
        }
      return "\(worker) died of \(SignalName.of(signal))\(when)\(origin)"
    case .exit(let status): return "\(worker) ended\(when) with status \(status)"
    }
  }
}
