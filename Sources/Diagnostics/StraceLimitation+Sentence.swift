internal import TraceModel

extension StraceLimitation {
  /// The limitation, a sentence without its full stop.
  var sentence: String {
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
