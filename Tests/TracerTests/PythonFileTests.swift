import Foundation
import TestSupport
import Testing
import TraceModel

@testable import Tracer

/// Interpreters with files that contain little, are gone, or were replaced.
struct PythonFileTests {
  private static let interpreters = Interpreters.all + Interpreters.freeThreaded
  private static let withoutLibrary = interpreters.filter {
    $0.isAtLeast(14) || $0.version == "3.13t"
  }

  private static let seesMappings = ConditionTrait.enabled(
    if: geteuid() == 0, "needs root, as in CI: only root finds a file by its mapping")

  /// Stops without Python's lock, with it, and without it again.
  private static let script = """
    import ctypes, os, signal
    raising = getattr(ctypes.CDLL(None), "raise")
    def released():
        raising(signal.SIGUSR1)
    def held():
        os.kill(os.getpid(), signal.SIGUSR1)
    released()
    held()
    released()
    """

  private static let outlines = [
    ["released:4", "<module>:7"], ["held:6", "<module>:8"], ["released:4", "<module>:9"],
  ]

  @Test(arguments: interpreters + [Interpreters.python2].compactMap(\.self), [false, true])
  func `stripped files are enough`(python: Interpreters.Interpreter, byNumber: Bool) throws {
    let copy = try PythonCopy(python)
    try copy.strip()
    #expect(try copy.stacks(Self.script, byNumber: byNumber).map(\.outline) == Self.outlines)
  }

  @Test(seesMappings, arguments: interpreters)
  func `deleted files are read`(python: Interpreters.Interpreter) throws {
    let copy = try PythonCopy(python)
    let stacks = try copy.stacks(Self.script) { _ in
      _ = try? FileManager.default.removeItem(atPath: copy.file)
    }
    #expect(stacks.map(\.outline) == Self.outlines)
  }

  /// A package manager replaces files while programs run.
  @Test(seesMappings, arguments: interpreters)
  func `replaced files are not taken`(python: Interpreters.Interpreter) throws {
    let copy = try PythonCopy(python)
    let other = Self.interpreters.first {
      $0.version != python.version && Self.withoutLibrary.contains($0) == (copy.library == nil)
    }
    guard let second = other else { try Test.cancel("there is no second interpreter like it") }
    let replacement = try PythonCopy(second)
    let stacks = try copy.stacks(Self.script) { _ in rename(replacement.file, copy.file) }
    #expect(stacks.map(\.outline) == Self.outlines)
  }

  /// A tracer that may not use map_files doesn't find the file any more, and reports that.
  @Test(arguments: interpreters.filter { !withoutLibrary.contains($0) })
  func `replaced files are not taken without privileges`(python: Interpreters.Interpreter) throws {
    let copy = try PythonCopy(python)
    let other = Self.interpreters.first { $0.version != python.version }
    guard let second = other else { try Test.cancel("there is no second interpreter like it") }
    let replacement = try PythonCopy(second)
    let reason = "the file of its interpreter is gone or replaced: "
    let stacks = try copy.stacks(Self.script, usesMapFiles: false) { _ in
      rename(replacement.file, copy.file)
    }
    #expect(stacks.count == 3)
    for stack in stacks { #expect(stack.reason?.hasPrefix(reason) == true, "\(stack.outline)") }
  }

  @Test(seesMappings, arguments: interpreters)
  func `text in the place of an interpreter is not taken`(python: Interpreters.Interpreter) throws {
    let copy = try PythonCopy(python)
    let text = try copy.folder.write("text", "#!/bin/sh\n")
    let stacks = try copy.stacks(Self.script) { _ in rename(text, copy.file) }
    #expect(stacks.map(\.outline) == Self.outlines)
  }

  /// Opening a pipe would block until another process writes.
  @Test(seesMappings, arguments: interpreters)
  func `pipe in the place of an interpreter is not opened`(python: Interpreters.Interpreter) throws
  {
    let copy = try PythonCopy(python)
    let pipe = copy.folder.path + "/pipe"
    mkfifo(pipe, 0o600)
    let stacks = try copy.stacks(Self.script) { _ in rename(pipe, copy.file) }
    #expect(stacks.map(\.outline) == Self.outlines)
  }

  /// Only a section of its own leads to the interpreter's state.
  @Test(arguments: withoutLibrary)
  func `section is enough`(python: Interpreters.Interpreter) throws {
    let copy = try PythonCopy(python)
    try copy.strip()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: copy.program))
    let name = Data("\0_PyRuntime\0".utf8)
    while let range = bytes.range(of: name) {
      bytes.replaceSubrange(range, with: Data("\0_PyRuntimX\0".utf8))
    }
    let file = copy.folder.path + "/bytes"
    try bytes.write(to: URL(fileURLWithPath: file))
    try PythonCopy.copy(file, to: copy.program)
    // The module that it would need is missing: there is no stop without the lock.
    let stacks = try copy.stacks(
      """
      import os, signal
      def held():
          os.kill(os.getpid(), signal.SIGUSR1)
      held()
      """)
    #expect(stacks.map(\.outline) == [["held:3", "<module>:4"]])
  }

  /// Another root and another mount namespace: the paths in the linker's list are of that root.
  @Test(
    .enabled(if: geteuid() == 0, "needs root, as in CI: only root may change its root"),
    arguments: interpreters,
    [true, false])
  func `another root is looked into`(python: Interpreters.Interpreter, usesMapFiles: Bool) throws {
    let root = try PythonCopy.root(for: python)
    try root.write(
      "srv/main.py",
      """
      import os, signal
      def held():
          os.kill(os.getpid(), signal.SIGUSR1)
      held()
      """)
    let stacks = try LivePython.stacks(
      [PythonCopy.resolved(python.path), "-S", "/srv/main.py"], root: root.path,
      usesMapFiles: usesMapFiles)
    #expect(stacks.map(\.outline) == [["held:3", "<module>:4"]])
  }

  /// A program that changes its root while it runs takes its files' names with it.
  @Test(
    .enabled(if: geteuid() == 0, "needs root, as in CI: only root may change its root"),
    arguments: interpreters)
  func `root may be left`(python: Interpreters.Interpreter) throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      "main.py",
      """
      import os, signal
      os.chroot("\(folder.path)")
      os.chdir("/")
      os.kill(os.getpid(), signal.SIGUSR1)
      """)
    let stacks = try LivePython.stacks([python.path, "-S", path])
    #expect(stacks.map(\.outline) == [["<module>:4"]])
  }
}
