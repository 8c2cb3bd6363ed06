// Runs a command that sees other texts in the place of files, and ends as it does.
//
//     overlay-run [--mounted | --fallback] [--capture=all] FILE TEXT... -- COMMAND...
//
// TEXT is a file with the text that is to be seen in FILE's place. The last lines on standard error
// are the findings' culprits, and the verdict with the number of processes. The status is 3 if the
// texts can't be shown; --fallback mounts files if they can't be served.
import Analysis
import Bytes
import Glibc
import LinuxProcess
import Runs
import TraceModel
import Tracer

func say(_ message: String) {
  let line = "overlay-run: \(message)\n"
  _ = line.withCString { write(STDERR_FILENO, $0, line.utf8.count) }
}

func end(_ message: String, _ status: Int32) -> Never {
  say(message)
  exit(status)
}

/// What the command line asks for.
func request(_ arguments: [String]) -> (settings: LiveSettings, fallsBack: Bool) {
  var fallsBack = false
  guard let divider = arguments.firstIndex(of: "--") else { end("there is no command", 2) }
  var settings = LiveSettings(command: Array(arguments[(divider + 1)...]))
  var files = arguments[1..<divider]
  while let option = files.first, option.hasPrefix("--") {
    switch option {
    case "--fallback": fallsBack = true
    case "--mounted": settings.overlayWay = .mounted
    case "--capture=all": settings.capture = .all
    default: end("\(option) is no option", 2)
    }
    files.removeFirst()
  }
  while let file = files.popFirst(), let text = files.popFirst() {
    guard let bytes = contents(of: text), let path = resolvedPath(file) else {
      end("\(file) or \(text) can't be read", 2)
    }
    settings.overlays.append(Overlay(path: path, text: bytes))
  }
  return (settings, fallsBack)
}

/// Traces the command; if its files can't be served and that is wanted, with files that are mounted.
func traced(
  _ live: LiveRun, _ settings: LiveSettings, _ front: Front, fallsBack: Bool
) throws(LiveRunError) -> LiveRun.Result {
  do throws(LiveRunError) {
    return try live.traced { handler throws(LiveRunError) in
      try TracedCommand(settings, front: front, handler: handler)
    }
  } catch {
    guard fallsBack, case .overlays(let obstacle) = error else { throw error }
    say("\(obstacle)")
    var mounted = settings
    mounted.overlayWay = .mounted
    return try traced(live, mounted, front, fallsBack: false)
  }
}

let front: Front
do { front = try Front.split() } catch { end("\(error)", 2) }
let wanted = request(OwnProcess.arguments)
let live = LiveRun(wanted.settings, recording: nil, observer: SilentObserver())
do throws(LiveRunError) {
  switch try traced(live, wanted.settings, front, fallsBack: wanted.fallsBack) {
  case .abandoned: exit(3)
  case .notExecuted(let error):
    try live.end(.status(127))
    end("\(error)", 127)
  case .judged(let run):
    let report = run.report
    for finding in report.findings {
      let place = finding.culprit.map { "\($0.path):\($0.line ?? 0)" } ?? "?"
      say("\(finding.rule.kind) at \(place): \(finding.culprit?.source?.line ?? "?")")
    }
    say("\(report.verdict), \(report.processes.count) processes")
    try live.end(report.termination ?? .status(3))
  }
} catch {
  end("\(error)", 3)
}
