package import Input
package import JSON
package import Runs

/// What an input is, judged by its content.
package enum InputContents {
  /// A recording or a log of strace, which isn't judged yet.
  case run(any ReplayedRun)
  /// A JSON report of spawntrace.
  case report(ReportedRun)
  /// The result of a triage, valid during the call.
  case triage(JSONValue)
  /// Any other text, from its beginning on, decompressed. Reading on may still fail.
  case text(Input)
  /// There is nothing in it.
  case empty
  /// It can't be read, or isn't anything that is known; the reason, without a full stop.
  case unreadable(String)
}
