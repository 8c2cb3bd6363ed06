internal import Foundation
internal import Synchronization

/// A small C program of a test's own.
package enum CProgram {
  private static let built = Mutex<[String: (folder: ScratchFolder, path: String)]>([:])

  /// Compiles a program, once for each text and `flags`, and returns the path of its file.
  package static func build(_ text: String, flags: [String] = []) throws -> String {
    try built.withLock { built in
      let key = text + flags.joined(separator: " ")
      if let known = built[key] { return known.path }
      let folder = try ScratchFolder()
      let source = try folder.write("program.c", text)
      let path = folder.path + "/program"
      let compiler = try ChildProcess.run(
        ["cc", "-O1", "-Wall", "-D_GNU_SOURCE", "-pthread", "-o", path, source] + flags)
      guard compiler.status == 0 else { throw Failure(text: compiler.standardError) }
      built[key] = (folder, path)
      return path
    }
  }

  package struct Failure: Error, CustomStringConvertible {
    package let text: String
    package var description: String { "the compiler says: \(text)" }
  }
}
