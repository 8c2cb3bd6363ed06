internal import Analysis
internal import Reporting
internal import Triage

/// What `triage` prints: a line for each cause, and what was read.
struct TriageText {
  private let pile: Pile
  private let causes: [Cause]
  private let isByOwner: Bool

  /// How many inputs that can't be read are named.
  private static let unreadableLimit = 20

  init(_ pile: Pile, _ causes: [Cause], isByOwner: Bool) {
    self.pile = pile
    self.causes = causes
    self.isByOwner = isByOwner
  }

  var text: TerminalText {
    var lines = isByOwner ? grouped : causes.map(Self.line)
    if !lines.isEmpty { lines.append("") }
    lines += summary
    return TerminalText(lines: lines, unicode: ColorChoice.isUnicode)
  }

  // MARK: Causes

  private var grouped: [String] {
    var groups: [(owner: String, causes: [Cause])] = []
    for cause in causes {
      for owner in cause.owners.isEmpty ? [""] : cause.owners {
        if let index = groups.firstIndex(where: { $0.owner == owner }) {
          groups[index].causes.append(cause)
        } else {
          groups.append((owner, [cause]))
        }
      }
    }
    return groups.flatMap { owner, causes in
      ["\(owner.isEmpty ? "no owner" : owner):"] + causes.map { "  " + Self.line($0) }
    }
  }

  private static func line(_ cause: Cause) -> String {
    var line = ""
    if let place = cause.place {
      line += place.place.path + (place.line.map { ":\($0)" } ?? "") + ": "
    }
    line += "\(cause.severity.rawValue)[\(cause.rule.rawValue)]: \(cause.title)"
    switch cause.certainty {
    case .proven: break
    case .likely: line += " (likely)"
    case .guess: line += " (a guess from text)"
    }
    line += " [\(cause.fingerprint)]"
    var facts = [cause.inputs.count == 1 ? "1 run" : "\(cause.inputs.count) runs"]
    if let first = cause.firstSeen, let last = cause.lastSeen {
      facts.append(first.date == last.date ? "\(first.date)" : "\(first.date) to \(last.date)")
    }
    if !cause.owners.isEmpty { facts.append(cause.owners.joined(separator: " ")) }
    if let known = cause.known {
      facts.append("known as \(known.ticket)" + (known.note.isEmpty ? "" : " (\(known.note))"))
    }
    if cause.passedRuns > 0 {
      facts.append("also in \(count(cause.passedRuns, "job")) that passed")
    }
    if let example = cause.examples.first { facts.append("e.g. \(example)") }
    return line + "; " + facts.joined(separator: ", ")
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }

  // MARK: What was read

  /// What logs show without a place, a line for each rule.
  private var unplaced: [String] {
    var inputs: [Rule: Set<String>] = [:]
    for (account, sightings) in pile.unplaced {
      inputs[account.rule, default: []].formUnion(sightings.map(\.input))
    }
    return inputs.sorted { $0.key.rawValue < $1.key.rawValue }.map { rule, inputs in
      let logs = inputs.count == 1 ? "1 log shows" : "\(inputs.count) logs show"
      let example = inputs.min() ?? ""
      return
        "\(logs) \(rule.kind) (\(rule.rawValue)) and not where, e.g. \(example): record the job "
        + "with spawntrace run --record FILE -- COMMAND"
    }
  }

  private var summary: [String] {
    var facts = ["\(Self.count(pile.read, "input")) read", Self.count(causes.count, "cause")]
    if !pile.healthy.isEmpty { facts.append("\(pile.healthy.count) healthy") }
    if !pile.silent.isEmpty {
      facts.append("\(pile.silent.count) without anything that is known (--json FILE names them)")
    }
    if !pile.unreadable.isEmpty { facts.append("\(pile.unreadable.count) can't be read") }
    var lines = [facts.joined(separator: ", ")]
    lines += unplaced
    if !pile.placeless.isEmpty {
      let shows = pile.placeless.count == 1 ? "log shows" : "logs show"
      lines.append(
        "\(pile.placeless.count) \(shows) CPython's bootstrapping error and not where: record the "
          + "job with spawntrace run --record FILE -- COMMAND")
    }
    if !pile.troubles.isEmpty {
      let troubles = pile.troubles.map { (kind: $0, count: $1.count) }
        .sorted { ($1.count, $0.kind) < ($0.count, $1.kind) }
      lines.append(
        "seen besides, and no cause of ours: "
          + troubles.map { "\(TroubleName.of($0.kind)) (\($0.count))" }.joined(separator: ", "))
    }
    let unreadable = pile.unreadable.sorted { $0.key < $1.key }
    lines += unreadable.prefix(Self.unreadableLimit).map { "can't read \($0.key): \($0.value)" }
    let rest = unreadable.count - Self.unreadableLimit
    if rest > 0 { lines.append("... and \(rest) more that can't be read") }
    if let rule = causes.first?.rule.rawValue {
      lines.append("spawntrace explain \(rule) says what that means, and what to do")
    }
    return lines
  }
}

/// What kinds of trouble are called.
private enum TroubleName {
  static func of(_ kind: String) -> String {
    switch kind {
    case "killed": "killed"
    case "status137": "status 137"
    case "cancelled": "cancelled"
    case "timedOut": "timed out"
    case "errno11": "no more processes or threads (EAGAIN)"
    case "errno12": "out of memory (ENOMEM)"
    case "errno24": "too many open files (EMFILE)"
    case "errno28": "disk full (ENOSPC)"
    case "leakedSemaphore": "leaked semaphores"
    case "contextAlreadySet": "start method set twice"
    case "daemonicChild": "children of a daemonic process"
    case "brokenPipe": "BrokenPipeError"
    case "endOfFile": "EOFError"
    case "ranOutOfInput": "Ran out of input"
    case "brokenProcessPool": "BrokenProcessPool"
    default: kind
    }
  }
}
