internal import Analysis
internal import Bytes
internal import Diagnostics
internal import LinuxProcess
internal import Reporting
internal import Runs
internal import SystemPackage
internal import TraceModel

/// The file of an edit as a diff.
struct FixFile {
  private let path: String
  private let file: OutputFile

  /// Creates the file, before anything is run; nil if no path is given. A file that is there keeps
  /// its text until there is an edit to be written.
  ///
  /// - Parameter standardOutput: What `-` stands for.
  init?(creating path: String?, standardOutput: Int32 = 1) throws(CommandError) {
    guard let path else { return nil }
    self.path = path
    if path == "-" {
      file = OutputFile(descriptor: standardOutput)
      return
    }
    do throws(OutputObstacle) {
      file = try OutputFile(opening: path)
    } catch {
      throw .fix(path: path, error)
    }
  }

  /// Writes the edit of one finding; nothing if there is none. Prints an error, and returns false
  /// then.
  func write(_ fix: ProposedFix?, of report: RunReport) -> Bool {
    guard let fix, let finding = report.findings.first(where: { report.fix(for: $0) != nil }) else {
      close()
      return true
    }
    if let secret = fix.doubts.first(where: { $0.kind == .redacted }) {
      StandardError.say("\(secret.sentence.text): \(path) does not apply")
    }
    return write(fix.files, root: report.rootOfDiffs(finding))
  }

  /// Lets go of the file without writing to it: another run may want it.
  func close() {
    if path != "-" { try? file.close() }
  }

  /// Writes a diff. A file and a pipe get its bytes, a terminal what can be printed. Standard output and
  /// a pipe may lead to the log of a CI job, so they get nothing that a terminal or a CI system would
  /// obey.
  func write(_ files: [FileChange], root: String) -> Bool {
    let diff = UnifiedDiff(files, root: root).text
    let shown = DiffText(files, root: root, style: TextStyle(color: false, unicode: true))
    let isTerminal = file.isTerminal
    guard isTerminal || path != "-" && file.isRegular || shown.isHarmless else {
      StandardError.say(
        "the diff has characters that a terminal or a CI system would obey, so it is not written to "
          + "\(path == "-" ? "standard output" : "a pipe"); please name a file")
      return false
    }
    do throws(Errno) {
      if path != "-" { file.empty() }
      try file.write(isTerminal ? shown.text.text : diff)
      if path != "-" { try file.close() }
      return true
    } catch {
      StandardError.say("cannot write the edit to \(path): \(error)")
      return false
    }
  }
}
