extension StraceLimitation {
  /// A command line whose log lacks nothing.
  private static let completeCommand =
    "strace -f -s 4096 -e trace=process,openat,open,write,pipe2,connect,bind,kill -o run.strace COMMAND"

  /// Returns the sentences for all limitations of a log, each without its full stop, and at last how a
  /// log without limitations is made.
  package static func sentences(_ limitations: [StraceLimitation]) -> [String] {
    if limitations.isEmpty { return [] }
    return limitations.map(\.sentence) + [
      "this command logs all that is needed: \(completeCommand)"
    ]
  }

  /// The limitation, a sentence without its full stop.
  package var sentence: String {
    switch self {
    case .noExecutions:
      "the log has no execve calls; it is not known which programs its processes run"
    case .noOpens:
      "the log has no opened files (openat); no re-execution cycle can be found"
    case .noWrites:
      "the log has no write calls; refused starts can be recognised only from opened files"
    case .cutTexts(let texts):
      "the log has cut \(texts.map(\.name).joined(separator: " and ")) "
        + "(strace cuts texts at 32 characters without -s)"
    case .childrenNotFollowed:
      "the log does not follow the processes that the command starts (strace -f does)"
    case .unknownParents: "the log does not show which process started some of its processes"
    case .unsureParents:
      "some processes began while several processes were starting one, and may have the wrong parent"
    }
  }
}

extension StraceLimitation.Text {
  fileprivate var name: String {
    switch self {
    case .commandLines: "command lines"
    case .paths: "paths"
    case .errorMessages: "error messages"
    }
  }
}
