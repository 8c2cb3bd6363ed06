internal import Bytes

/// Whether a log says that its job passed. What the host says of the job counts more than what it
/// says of a step.
struct JobResult: Sendable {
  private var job: Bool?
  private var hasFailedStep = false
  private var isComplete = false

  var passed: Bool? {
    if let job { return job }
    if hasFailedStep { return false }
    return isComplete ? true : nil
  }

  mutating func read(_ line: UnsafeRawBufferPointer, _ markers: Markers) {
    // GitLab, Travis CI, AppVeyor.
    if markers.has(.succeeded) { job = true }
    if markers.has(.failed) { job = false }
    // Jenkins: `Finished: SUCCESS`, with its stamp before.
    if markers.has(.finished), let result = Self.word(line, after: "Finished: ") {
      switch result {
      case "SUCCESS": job = true
      case "FAILURE", "UNSTABLE", "ABORTED", "NOT_BUILT": job = false
      default: break
      }
    }
    // CircleCI's last line.
    if markers.has(.received), let code = Self.word(line, after: "received exit code") {
      job = code == "0"
    }
    // Travis CI: `The command "..." exited with 1.`; Buildkite: `exited with status 1`; CircleCI:
    // `Exited with code exit status 1`.
    if markers.has(.exit) {
      for mark in ["exited with status ", "exited with code ", "exit status ", "exited with "]
        as [StaticString]
      {
        guard let code = Self.word(line, after: mark),
          let number = Int(code.prefix { $0.isNumber || $0 == "-" })
        else { continue }
        if line.contains("The command ") || line.contains("Exited with") {
          hasFailedStep = hasFailedStep || number != 0
        }
        break
      }
    }
    if markers.has(.errorMark) {
      hasFailedStep =
        hasFailedStep || line.contains("##[error]Process completed with exit code")
        || line.contains("##[error]Bash exited with code") || line.contains("##[error]Cmd.exe")
        || line.contains("##[error]The operation was cancel")
        || line.contains("##[error]PowerShell exited")
    }
    // GitHub's last line.
    if markers.has(.orphan) { isComplete = true }
  }

  /// The word behind a text.
  private static func word(_ line: UnsafeRawBufferPointer, after text: StaticString) -> String? {
    guard let end = line.range(of: text)?.upperBound else { return nil }
    let word = line[end...].drop { $0 == 0x20 || $0 == 0x3A }.prefix { $0 > 0x20 }
    return word.count < 64 ? String(decoding: word, as: UTF8.self) : nil
  }
}
