internal import Analysis
internal import Diagnostics
internal import TraceModel

extension ProcessGroup {
  /// The processes as a sentence's subject.
  func name(_ paths: PathNames) -> Sentence {
    switch kind.family {
    case .worker:
      if let site = first.site?.callSite { return "the workers asked for at \(place: site.place)" }
      return "the workers of its parent"
    case .fork:
      if let site = first.site?.callSite { return "the process forked at \(place: site.place)" }
      return "a forked process"
    case .server: return "the forkserver"
    case .tracker: return "the resource tracker"
    case .python, .shell, .other: return program
    }
  }

  /// What is executed, without the interpreter.
  var program: Sentence {
    switch kind.target {
    case .script: return "\(path: first.script?.path ?? first.arguments.first ?? "a script")"
    case .module(let name): return "\(code: "-m \(name)")"
    case .text: return "\(code: "-c")"
    case .standardInput: return "a program on standard input"
    case .program(""): return "nothing"
    case .program(let name): return "\(name: name)"
    case .none: return "a process"
    }
  }

  /// The whole command line.
  var commandLine: Sentence {
    "\(quoted: first.arguments.joined(separator: " "))"
  }
}
