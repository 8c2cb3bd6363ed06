internal import Input
internal import Recording
internal import SystemPackage

extension InputError {
  /// What went wrong, without a full stop.
  package var explanation: String {
    switch self {
    case .system(let code): "\(Errno(rawValue: code))"
    case .damaged(let what), .refused(let what): what
    case .torn: "the compressed file ends in the middle"
    }
  }
}
