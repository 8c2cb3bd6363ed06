import Foundation
import TestSupport
import Testing
import TraceModel

/// A copy of an interpreter and its files that a test may change.
struct PythonCopy {
  let folder: ScratchFolder
  let program: String
  /// nil if the interpreter is linked into the program.
  let library: String?
  let environment: [String: String]

  init(_ python: Interpreters.Interpreter) throws {
    folder = try ScratchFolder()
    let original = Self.resolved(python.path)
    program = folder.path + "/" + (original as NSString).lastPathComponent
    try Self.copy(original, to: program)
    let linked = try Self.libraries(of: original).first { $0.contains("/libpython") }
    let copied = folder.path + "/" + ((linked ?? "") as NSString).lastPathComponent
    library = linked.map { _ in copied }
    if let linked {
      try Self.copy(linked, to: copied)
    }
    let home = URL(fileURLWithPath: original).deletingLastPathComponent()
    // For builds that look for their modules only beside themselves.
    if FileManager.default.fileExists(atPath: home.path + "/lib") {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/lib", withDestinationPath: home.path + "/lib")
    }
    environment = [
      "LD_LIBRARY_PATH": folder.path, "PYTHONHOME": home.deletingLastPathComponent().path,
    ]
  }

  /// The file that contains the interpreter.
  var file: String {
    library ?? program
  }

  /// Removes what `strip` removes with these options.
  func strip(_ options: [String] = ["-s"]) throws {
    for file in [program, library].compactMap(\.self) {
      let symbols = try ChildProcess.run(["nm", file])
      if symbols.standardOutput.isEmpty { continue }
      let strip = try ChildProcess.run(["strip"] + options + [file])
      guard strip.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
  }

  func stacks(
    _ script: String, byNumber: Bool = false, usesMapFiles: Bool = true,
    before prepare: (LiveStop) -> Void = { _ in }
  ) throws -> [StackReading?] {
    let path = try folder.write("main.py", script)
    return try LivePython.stacks(
      [program, "-S", path], environment: environment, byNumber: byNumber,
      usesMapFiles: usesMapFiles,
      before: prepare
    )
  }

  /// Makes a root in which an interpreter runs at the same paths: with the libraries and the
  /// modules that a small script needs.
  static func root(for python: Interpreters.Interpreter) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let original = resolved(python.path)
    let home = (original as NSString).deletingLastPathComponent
    let modules = try #require(
      [
        "\(home)/lib",
        "\((home as NSString).deletingLastPathComponent)/lib/python\(python.version)",
      ]
      .first { FileManager.default.fileExists(atPath: $0 + "/os.py") })
    for file in [original] + (try libraries(of: original)) {
      try makeFolder(of: folder.path + file)
      try copy(file, to: folder.path + file)
    }
    let all = try FileManager.default.contentsOfDirectory(atPath: modules)
    try FileManager.default.createDirectory(
      atPath: folder.path + modules, withIntermediateDirectories: true)
    let wanted = ["encodings", "collections", "importlib", "re", "lib-dynload"]
    for name in all where name.hasSuffix(".py") || wanted.contains(name) {
      try FileManager.default.copyItem(
        atPath: modules + "/" + name, toPath: folder.path + modules + "/" + name)
    }
    return folder
  }

  private static func makeFolder(of file: String) throws {
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
  }

  /// Copies a file in another process: one that is open for writing here can't be executed
  /// meanwhile, nor can it while a child of another test has the descriptor.
  static func copy(_ source: String, to target: String) throws {
    let copy = try ChildProcess.run(["cp", "--no-preserve=mode", resolved(source), target])
    guard copy.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    chmod(target, 0o755)
  }

  /// The shared libraries of a program, by the names under which they are found.
  static func libraries(of program: String) throws -> [String] {
    try ChildProcess.run(["ldd", program]).standardOutput
      .split(whereSeparator: { " \t\n".contains($0) }).map(String.init)
      .filter { $0.hasPrefix("/") }
  }

  static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}
