internal import Bytes
internal import Glibc
internal import LinuxProcess
package import Redaction
internal import SystemPackage

/// The keys of the hashes that stand for what a recording doesn't have.
package enum RunKey {
  /// The variable with a secret that stands for the key, as a CI system keeps it.
  package static let variable = "SPAWNTRACE_KEY"
  /// A shorter secret could be found by trying.
  package static let shortestSecret = 16

  /// The key of reports about logs: nothing is compared with them later.
  package static let ofLogs = RecordingKey.random()

  /// The key of a recording: that of the environment's secret, else the user's own, so that `diff` can
  /// compare two recordings; else one that no other run has.
  static func ofRecordings(_ variables: [(name: String, value: String)]) -> RecordingKey {
    if let secret = variables.first(where: { $0.name == variable })?.value,
      secret.utf8.count >= shortestSecret
    {
      return RecordingKey(secret: secret.utf8)
    }
    func value(_ name: String) -> String? {
      variables.first { $0.name == name && $0.value.hasPrefix("/") }?.value
    }
    guard
      let folder = value("XDG_STATE_HOME") ?? value("HOME").map({ $0 + "/.local/state" }),
      let secret = UserSecret(in: folder + "/spawntrace")?.bytes
    else { return .random() }
    return RecordingKey(secret: secret)
  }
}

/// A file with random bytes that only the user can read.
private struct UserSecret {
  let bytes: [UInt8]

  private static let length = 32

  /// Reads the file `key` in a folder, or makes it; nil if it can't be made, or if others may know it.
  init?(in folder: String) {
    let path = folder + "/key"
    if let known = Self.read(path) {
      bytes = known
      return
    }
    guard errno == ENOENT, Self.makeFolder(folder) else { return nil }
    Self.write(to: path)
    // Of two runs that make it at once, one is first.
    guard let made = Self.read(path) else { return nil }
    bytes = made
  }

  /// `errno` says why not.
  private static func read(_ path: String) -> [UInt8]? {
    let file: OwnedDescriptor
    do throws(OutputObstacle) {
      file = try GuardedPath.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, makesFiles: false)
    } catch {
      if case .system(let error) = error { errno = error.rawValue } else { errno = EACCES }
      return nil
    }
    let descriptor = file.rawValue
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_mode & 0o077 == 0
    else {
      errno = EACCES
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: length)
    guard Glibc.read(descriptor, &bytes, length) == length else {
      errno = EIO
      return nil
    }
    return bytes
  }

  /// Makes a folder and those around it, which must belong to the user: `sudo` may keep HOME.
  private static func makeFolder(_ folder: String) -> Bool {
    var missing: [String] = []
    var path = folder
    var status = stat()
    while path.withExactCString({ stat($0, &status) }) != 0 {
      guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
        return false
      }
      missing.append(path)
      path = String(path[..<slash])
    }
    guard status.st_uid == geteuid() else { return false }
    return missing.reversed().allSatisfy { folder in
      folder.withExactCString { mkdir($0, 0o700) } == 0 || errno == EEXIST
    }
  }

  private static func write(to path: String) {
    let temporary = path + ".\(getpid())"
    let descriptor = temporary.withExactCString {
      open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    guard descriptor >= 0 else { return }
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
    if Glibc.write(descriptor, bytes, length) == length {
      _ = temporary.withExactCString { from in path.withExactCString { link(from, $0) } }
    }
    close(descriptor)
    _ = temporary.withExactCString { unlink($0) }
  }
}
