internal import Analysis
internal import Diagnostics
internal import TraceModel

extension ProcessGroup {
  /// The processes as a sentence's subject.
  var subject: Sentence {
    switch kind.family {
    case .worker:
      if let site = first.site?.callSite { return "the workers asked for at \(place: site.place)" }
      return "the workers"
    case .fork:
      if let site = first.site?.callSite { return "the process forked at \(place: site.place)" }
      return "a forked process"
    case .server: return "the forkserver"
    case .tracker: return "the resource tracker"
    case .python, .shell, .other: return program
    }
  }

  /// A verb behind the subject.
  func verb(_ verb: StaticString) -> Sentence {
    " \("\(verb)" + (kind.family == .worker ? "" : "s"))"
  }

  /// What is executed, without the interpreter.
  var program: Sentence {
    program { "\(path: $0)" }
  }

  /// The same with a script's name in both runs, for a sentence that is about the other run.
  func program(_ names: PathNames) -> Sentence {
    program { "\(name: names.name($0))" }
  }

  private func program(_ script: (String) -> Sentence) -> Sentence {
    switch kind.target {
    case .script: return script(first.script?.path ?? first.arguments.first ?? "a script")
    case .module(let name): return "\(code: "python -m \(name)")"
    case .text: return "\(code: "python -c")"
    case .standardInput: return "a program on standard input"
    case .program(""): return "nothing"
    case .program(let name):
      // A shell is what it was asked to run.
      let line = first.commandLine
      guard kind.family == .shell, let called = line.first else { return "\(name: name)" }
      let words = [String(called.lastPathComponent)] + line.dropFirst()
      return "\(quoted: words.joined(separator: " "))"
    case .none: return "a process"
    }
  }

  /// The whole command line.
  var commandLine: Sentence {
    "\(quoted: first.commandLine.joined(separator: " "))"
  }
}
