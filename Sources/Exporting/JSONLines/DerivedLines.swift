package import Analysis
internal import Bytes
internal import Diagnostics
internal import Recording
internal import TraceModel

/// What the analysis found, as lines beside those of the recording. Each name has one type in all of them.
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
      writer.name("truncated")
      writer.boolean(report.isTruncated)
    }
    return result
  }
}

extension LineWriter {
  fileprivate mutating func process(_ process: ProcessRecord) {
    member("process", process.id)
    member("pid", process.pid.rawValue)
    member("parentProcess", process.parent)
    member("logicalParent", process.logicalParent)
    member("role", process.role.rawValue)
    member("startMethod", process.startMethod?.rawValue)
    member("exe", process.executable?.repaired)
    member("argv", process.arguments.map(\.repaired))
    member("pythonVersion", process.python?.description)
    member("scriptPath", process.script?.path.repaired)
    member("runsAs", process.script?.runsAs.repaired)
    member("t", process.startedAt.nanoseconds)
    member("ended", process.endedAt?.nanoseconds)
    termination(of: process.termination)
  }

  fileprivate mutating func finding(_ finding: Finding) {
    member("rule", finding.rule.rawValue)
    member("kind", finding.rule.kind)
    member("severity", finding.rule.severity.rawValue)
    member("certainty", finding.certainty.rawValue)
    member("consequence", finding.consequence?.rawValue)
    member("fingerprint", finding.fingerprint)
    member("title", finding.title.repaired)
    member("startMethod", finding.startMethod?.rawValue)
    member("pythonVersion", finding.python?.description)
    member("scriptPath", finding.script?.path.repaired)
    member("culpritPath", finding.culprit?.path.repaired)
    member("culpritLine", finding.culprit?.line)
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
