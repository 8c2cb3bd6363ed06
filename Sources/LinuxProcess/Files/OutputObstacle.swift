package import SystemPackage

/// Why a file isn't written to.
package enum OutputObstacle: Error, Hashable, Sendable {
  case system(Errno)
  /// A symbolic link on the way is another user's, who decides where it leads.
  case foreignLink(path: String)
  /// Another user made the file, in a folder where everyone can make files.
  case foreignFile
  /// The file has another name, which may be one of a file that isn't meant: others can make names in
  /// its folder.
  case secondName
  /// It is written to already, by this process or by another one.
  case inUse
}
