internal import LinuxProcess

extension OutputObstacle {
  /// Why the file isn't written to, without its name and without a full stop.
  var explanation: String {
    switch self {
    case .system(let error): "\(error)"
    case .foreignLink(let name):
      "the symbolic link \(name) belongs to another user, who decides where it leads"
    case .foreignFile:
      "it belongs to another user and is in a folder where everyone can make files"
    case .secondName:
      "it has another name (a hard link), which another user may have made; remove it first"
    case .inUse: "it is being written to already, by this run or another one"
    }
  }
}
