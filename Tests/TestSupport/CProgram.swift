internal import Foundation
internal import Synchronization

/// A small C program that a test has as text.
package enum CProgram {
  private static let built = Mutex<[String: (folder: ScratchFolder, path: String)]>([:])

  /// Compiles a program, once for each text, place and `flags`, and returns the path of its file.
  ///
  /// The compiler's errors and `__FILE__` name the Swift file and line that ask for the program;
  /// lines are counted in the program's text.
  package static func build(
    _ text: String, flags: [String] = [], file: String = #fileID, line: Int = #line
  ) throws -> String {
    try built.withLock { built in
      let text = "#line 1 \"\(file):\(line)\"\n" + text
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
