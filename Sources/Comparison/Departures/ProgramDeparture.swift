internal import Analysis
internal import Diagnostics
internal import Multiprocessing
internal import TraceModel

/// In what two programs differ that are the same part of two runs: which they are, their arguments, or
/// Python's options.
struct ProgramDeparture {
  private let pair: Alignment.Pair
  private let isCommand: Bool
  private let paths: (good: PathNames, bad: PathNames)

  init(
    _ pair: Alignment.Pair, isCommand: Bool, _ paths: (good: PathNames, bad: PathNames)
  ) {
    self.pair = pair
    self.isCommand = isCommand
    self.paths = paths
  }

  var difference: Difference? {
    let (one, other) = (pair.good.kind, pair.bad.kind)
    var difference: Difference
    if one.hasSameTarget(as: other) {
      guard let (text, isSlight) = arguments else { return nil }
      difference = Difference(
        isCommand ? .command : .arguments, pair.bad.program + text, good: pair.good.commandLine,
        bad: pair.bad.commandLine)
      difference.isSlight = isSlight && !isCommand
    } else {
      difference = Difference(
        isCommand ? .command : .program,
        (isCommand ? "the command" : "a child") + " runs " + pair.bad.program + ", not "
          + pair.good.program(paths.good),
        good: pair.good.commandLine, bad: pair.bad.commandLine)
    }
    if !isCommand { difference.show((pair.bad.first.site ?? pair.good.first.site)?.callSite) }
    return difference
  }

  /// What differs in the arguments, and whether that is numbers alone; nil if nothing does.
  private var arguments: (Sentence, isSlight: Bool)? {
    let (one, other) = (words(pair.good, paths.good), words(pair.bad, paths.bad))
    if one.options != other.options {
      return (
        " is run with other options of Python" + Self.change(one.options, other.options), false
      )
    }
    guard one.arguments != other.arguments else { return nil }
    let (good, bad) = (pair.good.kind, pair.bad.kind)
    let isSlight = good.withoutNumbers.arguments == bad.withoutNumbers.arguments
    if isSlight, good.isNumbered || bad.isNumbered { return nil }
    return (" gets other arguments" + Self.change(one.arguments, other.arguments), isSlight)
  }

  /// Python's options and the arguments of what it runs: as they were typed for the command, without
  /// what changes by itself for a child.
  private func words(
    _ group: ProcessGroup, _ names: PathNames
  ) -> (options: [String], arguments: [String]) {
    let all = group.first.arguments
    guard group.kind.family == .python else {
      return ([], isCommand ? typed(Array(all.dropFirst()), names) : group.kind.arguments)
    }
    let line = PythonCommandLine(all)
    let options = line.options(in: all)
    return isCommand
      ? (typed(options, names), typed(line.targetArguments, names))
      : (options, Array(group.kind.arguments.dropFirst(options.count)))
  }

  private func typed(_ arguments: [String], _ names: PathNames) -> [String] {
    let pattern = ArgumentPattern(names, processes: [], isTyped: true)
    return arguments.map(pattern.pattern)
  }

  /// The first word in which two lists differ.
  private static func change(_ good: [String], _ bad: [String]) -> Sentence {
    let index = zip(good, bad).prefix { $0 == $1 }.count
    func isHidden(_ words: [String]) -> Bool {
      words.indices.contains(index)
        && (words[index] == HiddenArgument.mark || HiddenArgument(words[index]) != nil)
    }
    func word(_ words: [String]) -> Sentence {
      if isHidden(words) { return "one that its recording does not have" }
      return words.indices.contains(index) ? "\(quoted: words[index])" : "nothing"
    }
    if isHidden(good), isHidden(bad) {
      return ": number \("\(index + 1)") is another one; the recordings have only its hash"
    }
    return ": " + word(bad) + ", not " + word(good)
  }
}

extension ProcessKind {
  fileprivate func hasSameTarget(as other: ProcessKind) -> Bool {
    if family == .worker, other.family == .worker { return true }
    return family == other.family
      && (target == other.target || withoutNumbers.target == other.withoutNumbers.target)
  }
}
