internal import Foundation

/// A folder for one test. It is removed with the object.
package final class ScratchFolder: Sendable {
  package let path: String

  package init() throws {
    let template = NSTemporaryDirectory() + "spawntrace-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: template, withIntermediateDirectories: true)
    // Reports have real paths, and /tmp may be a link.
    path = URL(fileURLWithPath: template).resolvingSymlinksInPath().path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file, with the folders that it needs, and returns its path.
  @discardableResult
  package func write(
    _ name: String, _ text: String, isExecutable: Bool = false
  ) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: false, encoding: .utf8)
    if isExecutable {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    }
    return file
  }

  /// The path of a file with this name.
  package func file(_ name: String) -> String {
    path + "/" + name
  }

  /// Writes a file with these bytes and returns its path.
  package func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Reads a file of the folder; nil if it isn't there.
  package func read(_ name: String) -> String? {
    try? String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
}
