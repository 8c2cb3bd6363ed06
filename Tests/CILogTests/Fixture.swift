import CILog
import Foundation

/// The logs beside the tests.
enum Fixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func lines(_ name: String) throws -> [String] {
    String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").map { String($0) }
  }

  static func reading(_ name: String) throws -> LogReading {
    CILogReader.reading(of: try bytes(name))
  }
}

/// A worker's traceback of CPython 3.8 on Linux, from its beginning to the message.
enum Worker {
  private static let library = "/usr/lib/python3.8"

  static func frame(_ path: String, _ line: Int, _ function: String, _ text: String? = nil)
    -> String
  {
    "  File \"\(path)\", line \(line), in \(function)\n" + (text.map { "    \($0)\n" } ?? "")
  }

  private static func library(_ file: String, _ line: Int, _ function: String, _ text: String)
    -> String
  {
    frame("\(library)/\(file)", line, function, text)
  }

  static var beginning: String {
    "Traceback (most recent call last):\n" + frame("<string>", 1, "<module>")
      + library(
        "multiprocessing/spawn.py", 116, "spawn_main", "exitcode = _main(fd, parent_sentinel)")
      + library("multiprocessing/spawn.py", 125, "_main", "prepare(preparation_data)")
      + library(
        "multiprocessing/spawn.py", 236, "prepare",
        "_fixup_main_from_path(data['init_main_from_path'])")
      + library(
        "multiprocessing/spawn.py", 287, "_fixup_main_from_path",
        "main_content = runpy.run_path(main_path,")
      + library(
        "runpy.py", 265, "run_path", "return _run_module_code(code, init_globals, run_name,")
      + library("runpy.py", 97, "_run_module_code", "_run_code(code, mod_globals, init_globals,")
      + library("runpy.py", 87, "_run_code", "exec(code, run_globals)")
  }

  static var start: String {
    library("multiprocessing/process.py", 121, "start", "self._popen = self._Popen(self)")
      + library("multiprocessing/context.py", 284, "_Popen", "return Popen(process_obj)")
      + library(
        "multiprocessing/popen_spawn_posix.py", 32, "__init__", "super().__init__(process_obj)")
      + library("multiprocessing/popen_fork.py", 19, "__init__", "self._launch(process_obj)")
      + library(
        "multiprocessing/popen_spawn_posix.py", 42, "_launch",
        "prep_data = spawn.get_preparation_data(process_obj._name)")
      + library(
        "multiprocessing/spawn.py", 154, "get_preparation_data", "_check_not_importing_main()")
      + library(
        "multiprocessing/spawn.py", 134, "_check_not_importing_main", "raise RuntimeError('''")
  }

  static let message = """
    RuntimeError:\u{20}
            An attempt has been made to start a new process before the
            current process has finished its bootstrapping phase.

            This probably means that you are not using fork to start your
            child processes and you have forgotten to use the proper idiom
            in the main module:

                if __name__ == '__main__':
                    freeze_support()
                    ...

            The "freeze_support()" line can be omitted if the program
            is not going to be frozen to produce an executable.

    """

  static func traceback(
    _ path: String = "/w/main.py", _ line: Int = 10, _ text: String = "process.start()"
  ) -> String {
    beginning + frame(path, line, "<module>", text) + start + message
  }
}

extension String {
  /// Each line with a text before it.
  func prefixed(_ prefix: (Int) -> String) -> String {
    split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated()
      .map { prefix($0.offset) + $0.element + "\n" }.joined()
  }

  func prefixed(_ prefix: String) -> String { prefixed { _ in prefix } }

  var reading: LogReading { CILogReader.reading(of: utf8) }
}
