package import Analysis
internal import Bytes
internal import Diagnostics
internal import JSON
internal import TraceModel

/// The analysis's results as lines beside those of the recording. A name has the same type in all lines.
extension FlatLine {
  package func lines(of report: RunReport) -> [UInt8] {
    var result: [UInt8] = []
    for process in report.processes {
      result += line { writer in
        writer.member("k", "process")
        writer.process(process)
      }
    }
    for finding in report.findings {
      result += line { writer in
        writer.member("k", "finding")
        writer.finding(finding)
      }
    }
    result += line { writer in
      writer.member("k", "verdict")
      writer.member("verdict", report.verdict)
      writer.termination(of: report.termination)
      writer.member("events", report.events)
      writer.member("lost", report.lost)
      writer.member("truncated", report.isTruncated)
    }
    return result
  }
}

extension JSONWriter {
  fileprivate mutating func process(_ process: ProcessRecord) {
    member("process", process.id)
    member("pid", process.pid.rawValue)
    member("parentProcess", ifPresent: process.parent)
    member("logicalParent", ifPresent: process.logicalParent)
    member("role", process.role.rawValue)
    member("startMethod", ifPresent: process.startMethod?.rawValue)
    member("exe", ifPresent: process.executable?.repaired)
    member("argv", process.arguments.map(\.shownArgument.repaired))
    member("pythonVersion", ifPresent: process.python?.description)
    member("scriptPath", ifPresent: process.script?.path.repaired)
    member("runsAs", ifPresent: process.script?.runsAs.repaired)
    member("t", process.startedAt.nanoseconds)
    member("ended", ifPresent: process.endedAt?.nanoseconds)
    termination(of: process.termination)
  }

  fileprivate mutating func finding(_ finding: Finding) {
    member("rule", finding.rule.rawValue)
    member("kind", finding.rule.kind)
    member("severity", finding.severity.rawValue)
    member("certainty", finding.certainty.rawValue)
    member("consequence", ifPresent: finding.consequence?.rawValue)
    member("fingerprint", finding.fingerprint)
    member("title", finding.title.repaired)
    member("startMethod", ifPresent: finding.startMethod?.rawValue)
    member("pythonVersion", ifPresent: finding.python?.description)
    member("scriptPath", ifPresent: finding.script?.path.repaired)
    member("culpritPath", ifPresent: finding.culprit?.path.repaired)
    member("culpritLine", ifPresent: finding.culprit?.line)
    member("occurrences", finding.occurrences)
    member("t", finding.provenAt.nanoseconds)
    member("event", finding.provenByEvent)
  }

  fileprivate mutating func termination(of termination: Termination?) {
    switch termination {
    case .status(let status): member("status", status)
    case .signal(let signal): member("sig", signal)
    case nil: break
    }
  }
}
