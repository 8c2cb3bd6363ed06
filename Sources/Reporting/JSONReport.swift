package import Analysis
import Diagnostics
internal import JSON
internal import Multiprocessing
import TraceModel

/// The report as one JSON object, the interface for programs. Keys may be added; none is renamed or
/// removed without a new `schemaVersion`.
package struct JSONReport {
  package static func render(_ report: RunReport) -> String {
    var writer = JSONWriter(.report)
    writer.report(report)
    return writer.text + "\n"
  }
}

extension JSONWriter {
  mutating func report(_ report: RunReport) {
    object { writer in
      writer.member("schema", "spawntrace-report")
      writer.member("schemaVersion", 1)
      writer.key("tool")
      writer.object(.oneLine) { writer in
        writer.member("name", "spawntrace")
        writer.member("version", report.toolVersion)
      }
      writer.source(report.source)
      writer.key("command")
      writer.strings(report.command.map(\.shownArgument))
      writer.member("workingDirectory", report.workingDirectory)
      writer.member("checkout", orNull: report.checkout)
      writer.member("t0", orNull: report.began)
      writer.exit(report.termination)
      writer.member("verdict", report.verdict)
      writer.key("findings")
      writer.array { writer in
        for finding in report.findings {
          writer.finding(finding, in: report)
        }
      }
      writer.key("processes")
      writer.array { writer in
        for process in report.processes {
          writer.process(process)
        }
      }
      writer.survey(report.survey)
      writer.trace(of: report)
    }
  }

  fileprivate mutating func source(_ source: RunReport.Source) {
    key("source")
    object(.oneLine) { writer in
      switch source {
      case .live:
        writer.member("kind", "live")
        writer.member("path", orNull: String?.none)
      case .recording(let path):
        writer.member("kind", "recording")
        writer.member("path", path)
      case .strace(let path):
        writer.member("kind", "strace")
        writer.member("path", path)
      }
    }
  }

  /// Writes how something ended; null if it didn't, or if its end wasn't seen.
  mutating func exit(_ termination: Termination?) {
    key("exit")
    guard let termination else {
      null()
      return
    }
    object(.oneLine) { $0.status(of: termination) }
  }

  fileprivate mutating func status(of termination: Termination?) {
    var (status, signal): (Int32?, Int32?)
    switch termination {
    case .status(let number): status = number
    case .signal(let number): signal = number
    case nil: break
    }
    member("status", orNull: status)
    member("signal", orNull: signal)
  }

  /// Writes changes of files as ranges of lines with their replacement.
  mutating func edits(_ files: [FileChange]) {
    array { writer in
      for file in files {
        for edit in file.edits {
          writer.object(.oneLine) { writer in
            writer.member("path", file.path)
            writer.member("startLine", edit.startLine)
            writer.member("endLine", edit.endLine)
            writer.member("replacement", file.characters(of: edit.replacement))
          }
        }
      }
    }
  }

  fileprivate mutating func finding(_ finding: Finding, in report: RunReport) {
    object { writer in
      writer.member("rule", finding.rule.rawValue)
      writer.member("kind", finding.rule.kind)
      writer.member("severity", finding.severity.rawValue)
      writer.member("certainty", finding.certainty.rawValue)
      writer.member("consequence", orNull: finding.consequence?.rawValue)
      writer.member("title", finding.title)
      writer.script(finding.script, withEvidence: false)
      writer.location("culprit", finding.culprit, of: finding)
      writer.location("callSite", finding.callSite, of: finding)
      writer.key("stack")
      writer.array { writer in
        for frame in finding.stack {
          writer.frame(frame)
        }
      }
      writer.nativeStack(finding.nativeStack)
      if let end = finding.workerEnd { writer.death(end, of: finding) }
      writer.member("startMethod", orNull: finding.startMethod?.rawValue)
      writer.member("python", orNull: finding.python?.description)
      writer.member("test", orNull: finding.test(in: report))
      writer.key("processes")
      writer.array(.oneLine) { writer in
        for process in finding.processes {
          writer.integer(process)
        }
      }
      writer.member("occurrences", finding.occurrences)
      writer.key("provenAtSeconds")
      writer.seconds(nanoseconds: finding.provenAt.nanoseconds)
      writer.member("provenByEvent", finding.provenByEvent)
      writer.member("fingerprint", finding.fingerprint)
      writer.identity(finding.identity)
      let diagnostic = Diagnostic(finding, in: report)
      writer.member("label", orNull: diagnostic.label?.sentence.text)
      writer.key("notes")
      writer.array { writer in
        for note in diagnostic.notes {
          writer.object(.oneLine) { writer in
            writer.member("topic", note.topic.label)
            writer.member("text", note.sentence.text)
          }
        }
      }
      let advice = diagnostic.advice.text
      writer.member("advice", orNull: advice.isEmpty ? nil : advice)
      writer.member("alternative", orNull: diagnostic.alternative?.text)
      writer.fix(diagnostic.fix)
    }
  }

  private mutating func fix(_ fix: Fix?) {
    key("fix")
    guard let fix else {
      null()
      return
    }
    object { writer in
      writer.key("edits")
      writer.edits(fix.files)
      writer.member("applicability", fix.applicability.rawValue)
      writer.key("review")
      writer.strings(fix.doubts.map(\.text))
      writer.key("tried")
      guard let trial = fix.trial else {
        writer.null()
        return
      }
      writer.object(.oneLine) { writer in
        writer.member("verdict", trial.verdict)
        writer.status(of: trial.termination)
      }
    }
  }

  /// Writes how the worker of a finding ended: where it was then, and who ended it.
  private mutating func death(_ end: WorkerEnd, of finding: Finding) {
    key("death")
    object { writer in
      writer.member("process", end.process)
      writer.location("at", end.culprit, of: finding)
      switch end.reason {
      case .exception(let traceback):
        writer.member("exception", traceback.exception)
      case .signal(let signal, let sender):
        writer.member("signal", signal)
        writer.member("sentBy", orNull: sender)
        writer.location("sentFrom", end.senderPlace, of: finding)
        writer.member("outOfMemoryKills", orNull: end.outOfMemoryKills)
      case .exit(let status): writer.member("status", status)
      }
    }
  }

  /// Writes what the fingerprint is made of.
  private mutating func identity(_ identity: FaultIdentity) {
    key("identity")
    object { writer in
      writer.key("places")
      writer.array { writer in
        for place in identity.places {
          writer.object(.oneLine) { writer in
            writer.member("path", place.path)
            writer.member("line", orNull: place.line)
            writer.member("function", place.function)
            writer.member("source", orNull: place.source.map { PythonLine.trimmed($0.line) })
            writer.member("statement", ifPresent: place.source?.statement?.line)
          }
        }
      }
      writer.member("circumstance", orNull: identity.circumstance)
    }
  }

  private mutating func script(_ script: Script?, withEvidence: Bool) {
    key("script")
    guard let script else {
      null()
      return
    }
    object(.oneLine) { writer in
      writer.member("path", script.path)
      writer.member("runsAs", script.runsAs)
      if withEvidence {
        writer.member("evidence", script.evidence.rawValue)
      }
    }
  }

  private mutating func location(
    _ name: StaticString, _ location: SourceLocation?, of finding: Finding
  ) {
    key(name)
    guard let location else {
      null()
      return
    }
    object(.oneLine) { writer in
      writer.member("path", location.path)
      writer.member("line", orNull: location.line)
      writer.member("function", finding.shownName(of: location))
      writer.member("source", orNull: location.source.map { PythonLine.trimmed($0.line) })
    }
  }

  fileprivate mutating func process(_ process: ProcessRecord) {
    object { writer in
      writer.member("id", process.id)
      writer.member("pid", orNull: process.pid.rawValue > 0 ? process.pid.rawValue : nil)
      writer.member("parent", orNull: process.parent)
      writer.member("logicalParent", orNull: process.logicalParent)
      writer.member("role", process.role.rawValue)
      writer.member("executable", orNull: process.executable)
      writer.key("arguments")
      writer.strings(process.arguments.map(\.shownArgument))
      writer.member("python", orNull: process.python?.description)
      writer.member("startMethod", orNull: process.startMethod?.rawValue)
      writer.script(process.script, withEvidence: true)
      writer.key("startedAtSeconds")
      writer.seconds(nanoseconds: process.startedAt.nanoseconds)
      writer.key("endedAtSeconds")
      writer.seconds(nanoseconds: process.endedAt?.nanoseconds)
      writer.exit(process.termination)
      writer.key("earlierImages")
      writer.array { writer in
        for image in process.earlierImages {
          writer.object(.oneLine) { writer in
            writer.member("role", image.role.rawValue)
            writer.member("executable", orNull: image.executable)
            writer.key("arguments")
            writer.strings(image.arguments.map(\.shownArgument))
          }
        }
      }
    }
  }

  fileprivate mutating func trace(of report: RunReport) {
    key("trace")
    object(.oneLine) { writer in
      writer.member("events", report.events)
      writer.member("lost", report.lost)
      writer.member("truncated", report.isTruncated)
      writer.member("omittedProcesses", report.omittedProcesses)
      writer.key("monotonicStartSeconds")
      writer.seconds(nanoseconds: report.monotonicStart)
      writer.key("limitations")
      writer.strings(report.limitationSentences)
    }
  }
}
