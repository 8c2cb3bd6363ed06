internal import Analysis
internal import Diagnostics
internal import Multiprocessing
internal import TraceModel

/// In what two processes differ that are the same part of two runs.
struct PairDepartures {
  let good: ComparedRun
  let bad: ComparedRun
  let paths: (good: PathNames, bad: PathNames)

  func differences(_ pair: Alignment.Pair, isCommand: Bool) -> [Difference] {
    var differences: [Difference] = []
    if let method = startMethod(pair) { differences.append(method) }
    if let interpreter = interpreter(pair) { differences.append(interpreter) }
    let program = ProgramDeparture(pair, isCommand: isCommand, paths)
    if let program = program.difference { differences.append(program) }
    if let again = executedAgain(pair) { differences.append(again) }
    if let environment = environment(pair) { differences.append(environment) }
    if let exit = isCommand ? commandExit(pair) : exit(pair) { differences.append(exit) }
    for index in differences.indices {
      differences[index].goodProcesses = pair.good.ids
      differences[index].badProcesses = pair.bad.ids
    }
    return differences
  }

  // MARK: Workers

  private func startMethod(_ pair: Alignment.Pair) -> Difference? {
    guard pair.good.kind.family == .worker, let one = pair.good.kind.method,
      let other = pair.bad.kind.method, one != other
    else { return nil }
    return MethodDeparture.difference(
      .init(one, of: pair.good.first, in: good.report),
      .init(other, of: pair.bad.first, in: bad.report))
  }

  // MARK: Programs

  private func interpreter(_ pair: Alignment.Pair) -> Difference? {
    guard pair.good.kind.family == .python, pair.bad.kind.family == .python else { return nil }
    let (one, other) = (pair.good.first, pair.bad.first)
    guard let (a, b) = Self.versions(one, other) ?? executables(one, other) else { return nil }
    return Difference(
      .interpreter, pair.bad.program + " is run by " + b + ", not by " + a,
      good: a + Self.file(of: one), bad: b + Self.file(of: other))
  }

  private static func versions(
    _ good: ProcessRecord, _ bad: ProcessRecord
  ) -> (Sentence, Sentence)? {
    guard let one = good.python, let other = bad.python else { return nil }
    // The file's name tells no third number.
    let isSame =
      one.micro == nil || other.micro == nil
      ? (one.major, one.minor) == (other.major, other.minor) : one == other
    return isSame ? nil : ("Python \(one.description)", "Python \(other.description)")
  }

  private func executables(
    _ good: ProcessRecord, _ bad: ProcessRecord
  ) -> (Sentence, Sentence)? {
    func names(_ process: ProcessRecord, _ paths: PathNames) -> (file: String, called: String?) {
      let called = process.arguments.first.flatMap { $0.hasPrefix("/") ? $0 : nil }
      return (paths.name(process.executable ?? ""), called.map(paths.name))
    }
    let (one, other) = (names(good, paths.good), names(bad, paths.bad))
    if one.file != other.file, !one.file.isEmpty, !other.file.isEmpty {
      return ("\(path: good.executable ?? "")", "\(path: bad.executable ?? "")")
    }
    // A virtual environment's interpreter is a link to another one's.
    guard let a = one.called, let b = other.called, a.directory != b.directory else { return nil }
    return ("\(path: good.arguments[0])", "\(path: bad.arguments[0])")
  }

  private static func file(of process: ProcessRecord) -> Sentence {
    let called = process.arguments.first.flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (called ?? process.executable).map { " (\(path: $0))" } ?? ""
  }

  /// A process that replaces itself by the same script in one run alone.
  private func executedAgain(_ pair: Alignment.Pair) -> Difference? {
    func replaced(_ group: ProcessGroup, _ run: ComparedRun) -> Bool {
      group.members.contains {
        if case .replaced = RepeatedMain.Way($0, in: run.report) { true } else { false }
      }
    }
    let (one, other) = (replaced(pair.good, good), replaced(pair.bad, bad))
    guard one != other else { return nil }
    let again: Sentence = "it replaces itself by the same script (execve)"
    return Difference(
      .program,
      pair.bad.program + " replaces itself (execve) in the " + (other ? "bad" : "good")
        + " run alone",
      good: one ? again : nil, bad: other ? again : nil)
  }

  /// A child that gets its parent's environment in one run, and another one in the other. If it gets
  /// another one in both, the recordings don't tell whether that differs.
  private func environment(_ pair: Alignment.Pair) -> Difference? {
    guard let one = pair.good.first.hasEnvironmentOfParent(in: good.report),
      let other = pair.bad.first.hasEnvironmentOfParent(in: bad.report), one != other
    else { return nil }
    let own: Sentence = "that of its parent"
    let changed: Sentence = "another one than its parent"
    var difference = Difference(
      .environment,
      pair.bad.program + " gets another environment than its parent in the "
        + (other ? "good" : "bad") + " run alone",
      good: one ? own : changed, bad: other ? own : changed)
    difference.rank = 3
    difference.show((pair.bad.first.site ?? pair.good.first.site)?.callSite)
    return difference
  }

  // MARK: Ends

  private func commandExit(_ pair: Alignment.Pair) -> Difference? {
    let (one, other) = (good.ending, bad.ending)
    guard one.text != other.text else { return nil }
    var difference = Difference(
      .exit, "the command " + other + "; in the good run it " + one, good: one, bad: other)
    // What a child did may be why.
    difference.rank = 1
    return difference
  }

  /// A child that fails in one run and not in the other.
  private func exit(_ pair: Alignment.Pair) -> Difference? {
    let (one, other) = (pair.good.failures, pair.bad.failures)
    guard one != other else { return nil }
    let onlyBad = other.subtracting(one)
    func ways(_ failures: Set<Int32>) -> Sentence {
      failures.isEmpty
        ? "no failure" : "\(failures.sorted().map(ProcessGroup.failure).joined(separator: ", "))"
    }
    let title: Sentence =
      onlyBad.isEmpty
      ? pair.good.subject + pair.good.verb("fail") + " in the good run alone"
      : pair.bad.subject + pair.bad.verb("fail") + " in the bad run alone"
    var difference = Difference(.exit, title, good: ways(one), bad: ways(other))
    if onlyBad.isEmpty { difference.rank = 2 }
    difference.show((pair.bad.first.site ?? pair.good.first.site)?.callSite)
    return difference
  }
}

extension ComparedRun {
  /// How the command ended, after "the command".
  fileprivate var ending: Sentence {
    if passedDeadline != nil { return "did not end in time" }
    if isStopped { return "was ended by spawntrace" }
    switch report.termination {
    case .status(let status): return "ended with status \(status)"
    case .signal(let signal): return "died of \(SignalName.of(signal))"
    case nil: return "did not end while it was seen"
    }
  }
}

extension ProcessGroup {
  /// The ways in which its processes failed: statuses, and signals as negative numbers. Deaths that
  /// come from outside, at the end of a parent or a pipe, depend on time and are none.
  fileprivate var failures: Set<Int32> {
    var result: Set<Int32> = []
    for member in members {
      switch member.termination {
      case .status(let status)
      where status != 0 && !isFromOutside(status - 128) && !isSignalAsStatus(status):
        result.insert(status)
      case .signal(let signal) where !isFromOutside(signal): result.insert(-signal)
      default: break
      }
    }
    return result
  }

  /// SIGHUP, SIGINT and SIGPIPE, and for workers SIGKILL and SIGTERM: a Pool that is given up ends
  /// those that have not ended yet.
  private func isFromOutside(_ signal: Int32) -> Bool {
    switch signal {
    case 1, 2, 13: true
    case 9, 15: kind.family == .worker || kind.family == .fork
    default: false
    }
  }

  /// Some libraries stop a worker by a signal and have it exit with its number.
  private func isSignalAsStatus(_ status: Int32) -> Bool {
    kind.family == .worker && (status == 9 || status == 15)
  }

  fileprivate static func failure(_ number: Int32) -> String {
    number < 0 ? SignalName.of(-number) : "status \(number)"
  }
}

extension ProcessRecord {
  /// nil if one of the two isn't known.
  fileprivate func hasEnvironmentOfParent(in report: RunReport) -> Bool? {
    guard let own = scriptState?.environment,
      let parent = logicalParent.flatMap({ report[process: $0] })?.scriptState?.environment
    else { return nil }
    return own == parent
  }
}

extension Difference {
  /// Shows a place with its text.
  mutating func show(_ location: SourceLocation?) {
    place = location?.place
    source = location?.text
  }
}
