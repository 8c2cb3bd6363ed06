internal import Bytes
internal import CSpawnTrace
internal import Glibc
internal import SystemPackage

/// Opens files that are to be written, and goes no way that another user may have prepared.
///
/// A symbolic link is followed if it is our own or root's, anywhere on the way. What is found in a
/// folder in which others can make names must not be theirs, nor have a second name. It is what the
/// kernel does for fs.protected_symlinks, protected_hardlinks, protected_fifos and
/// protected_regular (proc_sys_fs(5)), and more: these may be off, and none of them says whether the
/// owner of a folder can be trusted.
package struct GuardedPath: ~Copyable {
  /// The folder that the way has reached.
  private var folder: OwnedDescriptor
  /// The names that are left, the last one first.
  private var names: [String]
  private var linkCount = 0
  private let makesFiles: Bool

  /// The kernel's limit (path_resolution(7)).
  private static let linkLimit = 40
  /// How often a file may be replaced while it is being opened.
  private static let trials = 16

  /// Opens a file. A new one belongs to its user alone: mode 0600 less the umask.
  ///
  /// The corresponding C calls are `openat`, `readlinkat` and `mkdirat`, one name after the other.
  ///
  /// - Parameters:
  ///   - access: How to open it, as in open(2), without O_CREAT.
  ///   - makesFiles: Whether to make the file, and the folders around it, if they aren't there.
  package static func open(
    _ path: String, _ access: Int32, makesFiles: Bool
  ) throws(OutputObstacle) -> OwnedDescriptor {
    guard !path.isEmpty else { throw .system(.noSuchFileOrDirectory) }
    var walk = try Self(path, makesFiles: makesFiles)
    while let name = walk.names.popLast() {
      if !walk.names.isEmpty {
        try walk.enter(name)
      } else if let file = try walk.file(name, access | O_CLOEXEC | O_NOCTTY) {
        return file
      }
    }
    throw .system(.isDirectory)
  }

  private init(_ path: String, makesFiles: Bool) throws(OutputObstacle) {
    self.makesFiles = makesFiles
    names = Self.names(of: path)
    folder = try Self.found(
      spawntrace_look_up(AT_FDCWD, Self.isAbsolute(path) ? "/" : ".", O_DIRECTORY))
  }

  private static func found(_ descriptor: Int32) throws(OutputObstacle) -> OwnedDescriptor {
    guard descriptor >= 0 else { throw .system(Errno(rawValue: errno)) }
    return OwnedDescriptor(descriptor)
  }

  private static func names(of path: String) -> [String] {
    let slash = UInt8(ascii: "/")
    // Of bytes: a character may be a slash with an accent.
    let names = path.utf8.split(separator: slash).map { String(Substring($0)) }
    return (names + (path.utf8.last == slash ? ["."] : [])).reversed()
  }

  private static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  // MARK: Folders

  private mutating func enter(_ name: String) throws(OutputObstacle) {
    for _ in 0..<2 {
      // This mounts what is to be mounted there, which O_PATH alone doesn't.
      let found = lookUp(name, O_DIRECTORY | O_NOFOLLOW)
      if found.rawValue >= 0 {
        folder = found
        return
      }
      switch errno {
      case ENOTDIR, ELOOP: return try follow(link(name), name)
      case ENOENT where makesFiles:
        let folder = folder.rawValue
        guard name.withExactCString({ mkdirat(folder, $0, 0o777) }) == 0 || errno == EEXIST else {
          throw .system(Errno(rawValue: errno))
        }
      default: throw .system(Errno(rawValue: errno))
      }
    }
    throw .system(.noSuchFileOrDirectory)
  }

  private func lookUp(_ name: String, _ flags: Int32) -> OwnedDescriptor {
    OwnedDescriptor(name.withExactCString { spawntrace_look_up(folder.rawValue, $0, flags) })
  }

  private func open(_ name: String, _ access: Int32) -> OwnedDescriptor {
    OwnedDescriptor(name.withExactCString { openat(folder.rawValue, $0, access, 0o600) })
  }

  private func status(of descriptor: borrowing OwnedDescriptor) throws(OutputObstacle) -> stat {
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else { throw .system(Errno(rawValue: errno)) }
    return status
  }

  // MARK: Links

  private func link(_ name: String) throws(OutputObstacle) -> OwnedDescriptor {
    let link = try Self.found(lookUp(name, O_NOFOLLOW).released())
    guard try status(of: link).st_mode & S_IFMT == S_IFLNK else { throw .system(.notDirectory) }
    return link
  }

  /// Goes where a link leads.
  private mutating func follow(
    _ link: consuming OwnedDescriptor, _ name: String
  ) throws(OutputObstacle) {
    try admit(link, name)
    // A link of /proc leads to an open file and not to a path (proc(5)).
    if spawntrace_is_in_proc(link.rawValue) {
      folder = try Self.found(lookUp(name, O_DIRECTORY).released())
      return
    }
    guard let target = target(of: link) else { throw .system(Errno(rawValue: errno)) }
    guard !target.isEmpty else { throw .system(.noSuchFileOrDirectory) }
    if Self.isAbsolute(target) {
      folder = try Self.found(spawntrace_look_up(AT_FDCWD, "/", O_DIRECTORY))
    }
    names += Self.names(of: target)
  }

  /// Checks that a link is our own or root's, who may do anything anyway.
  private mutating func admit(
    _ link: borrowing OwnedDescriptor, _ name: String
  ) throws(OutputObstacle) {
    linkCount += 1
    guard linkCount <= Self.linkLimit else { throw .system(.tooManySymbolicLinkLevels) }
    let owner = try status(of: link).st_uid
    guard !isTrusted(owner) else { return }
    // In a user namespace root's files may have no owner, and those of all others, too.
    let around = try status(of: folder)
    guard owner == around.st_uid, owner == Self.unknownUser,
      around.st_mode & (S_IWGRP | S_IWOTH) == 0
    else { throw .foreignLink(path: name) }
  }

  private func isTrusted(_ user: uid_t) -> Bool { user == geteuid() || user == 0 }

  /// The owner of files whose user has no number here (user_namespaces(7)); nil if each user has
  /// one, or that isn't known.
  private static var unknownUser: uid_t? {
    guard let map = contents(of: "/proc/self/uid_map"),
      String(exactly: map).split(whereSeparator: \.isWhitespace) != ["0", "0", "4294967295"],
      let text = contents(of: "/proc/sys/kernel/overflowuid")
    else { return nil }
    return uid_t(String(exactly: text).split(whereSeparator: \.isWhitespace).first ?? "")
  }

  private func target(of link: borrowing OwnedDescriptor) -> String? {
    withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
      guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
      let count = readlinkat(link.rawValue, "", base, buffer.count)
      return count < 0 ? nil : String(exactly: buffer[..<count])
    }
  }

  // MARK: The file

  /// Opens the last name; nil if it is a link, which is followed then.
  private mutating func file(
    _ name: String, _ access: Int32
  ) throws(OutputObstacle) -> OwnedDescriptor? {
    for _ in 0..<Self.trials {
      let found = lookUp(name, O_NOFOLLOW)
      if found.rawValue < 0 {
        guard errno == ENOENT, makesFiles else { throw .system(Errno(rawValue: errno)) }
        let made = self.open(name, access | O_CREAT | O_EXCL)
        if made.rawValue >= 0 { return made }
        guard errno == EEXIST else { throw .system(Errno(rawValue: errno)) }
        continue
      }
      let status = try status(of: found)
      if status.st_mode & S_IFMT == S_IFLNK {
        guard spawntrace_is_in_proc(found.rawValue) else {
          try follow(found, name)
          return nil
        }
        try admit(found, name)
        return try Self.found(self.open(name, access).released())
      }
      try admitFile(status)
      let file = self.open(name, access | O_NOFOLLOW)
      if file.rawValue < 0 {
        // It may have been removed or replaced meanwhile.
        guard errno == ENOENT || errno == ELOOP else { throw .system(Errno(rawValue: errno)) }
        continue
      }
      let opened = try self.status(of: file)
      if opened.st_dev == status.st_dev, opened.st_ino == status.st_ino { return file }
    }
    throw .system(.resourceTemporarilyUnavailable)
  }

  /// Checks that no other user than us or root has put a file there.
  private func admitFile(_ file: stat) throws(OutputObstacle) {
    let kind = file.st_mode & S_IFMT
    guard kind == S_IFREG || kind == S_IFIFO else { return }
    let around = try status(of: folder)
    let isShared = around.st_mode & (S_IWGRP | S_IWOTH) != 0
    if isShared, around.st_mode & S_ISVTX != 0, !isTrusted(file.st_uid),
      file.st_uid != around.st_uid
    {
      throw .foreignFile
    }
    if kind == S_IFREG, file.st_nlink > 1,
      around.st_mode & S_IWOTH != 0 || !isTrusted(around.st_uid)
    {
      throw .secondName
    }
  }
}
