import Foundation
import TestSupport

/// A run of a command that sees another text in the place of a file.
struct OverlaidRun {
  var outcome: Outcome

  /// tools/fix/overlay, built beside the product.
  static let binary =
    URL(fileURLWithPath: Traced.binary).deletingLastPathComponent().path + "/overlay-run"

  /// Whether the run had no finding, by the last line that `binary` writes.
  var isHealthy: Bool { outcome.standardError.contains("\noverlay-run: healthy, ") }

  /// - Parameters:
  ///   - file: The file, in `folder`.
  ///   - caller: A command that runs `binary`.
  init(
    _ command: [String], seeing text: String, as file: String, in folder: ScratchFolder,
    options: [String] = [], environment: [String: String] = [:], startedBy caller: [String] = []
  ) throws {
    let scratch = try ScratchFolder()
    let edited = try scratch.write("edited", text)
    var variables = ["PYTHONDONTWRITEBYTECODE": ""]
    variables.merge(environment) { _, new in new }
    outcome = try ChildProcess.run(
      caller + [Self.binary] + options + [folder.file(file), edited, "--"] + command,
      in: folder.path, environment: variables, timeout: 120)
    // The verdict may be the first line.
    outcome.standardError = "\n" + outcome.standardError
  }
}

extension ScratchFolder {
  /// Everything that is in the folder: names, times and contents of files.
  var listing: [String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.sorted().map { name in
      var status = stat()
      lstat(file(name), &status)
      let isFile = status.st_mode & S_IFMT == S_IFREG
      let bytes = isFile ? FileManager.default.contents(atPath: file(name)) : nil
      return "\(name) \(status.st_mode) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) "
        + (bytes.map { $0.base64EncodedString() } ?? "")
    }
  }
}
