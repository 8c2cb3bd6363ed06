internal import SystemPackage

/// The statuses of the contract: those of env(1) and timeout(1), and one for findings that no
/// shell, git-bisect or test runner uses.
enum ExitStatus {
  static let finding: Int32 = 112
  static let deadline: Int32 = 124
  static let failure: Int32 = 125
  /// As of grep(1) and diff(1), for the commands that read files.
  static let findingInRecording: Int32 = 1
  static let trouble: Int32 = 2

  /// The status of env(1) for a command that can't be executed.
  static func notExecuted(_ error: Errno) -> Int32 {
    error == .noSuchFileOrDirectory ? 127 : 126
  }
}
