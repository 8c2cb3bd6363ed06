import Foundation
import TestSupport
import Testing
import TraceModel

@testable import NativeStack

/// Stacks in which Python and native code call each other.
struct PythonTests {
  /// A script that gets from Python through native code to Python in many ways, and sends itself
  /// SIGUSR1 each time.
  private static let script = """
    import os, re, signal, functools, threading
    def stop():
        os.kill(os.getpid(), signal.SIGUSR1)
    def key(value):
        stop()
        return value
    class Thing:
        def __lt__(self, other):
            stop()
            return True
        def __init__(self, deep=0):
            self.deep = deep
            if deep:
                Thing(deep - 1)
            else:
                stop()
    def sorting():
        sorted([1], key=key)
    def comparing():
        sorted([Thing(), Thing()])
    def replacing():
        re.sub("a", lambda match: key("b"), "a")
    def generating():
        def items():
            stop()
            yield 1
        return [value for value in map(key, items())]
    def reducing():
        functools.reduce(lambda a, b: (comparing(), sorting(), 1)[2], [1, 2])
    for way in (stop, sorting, comparing, replacing, generating, reducing, lambda: Thing(3)):
        way()
    thread = threading.Thread(target=reducing)
    thread.start()
    thread.join()
    class Late:
        def __del__(self):
            sorting()
    late = Late()
    del late
    exec("sorting()")
    """

  @Test(arguments: Interpreters.all)
  func `every frame is placed`(python: Interpreters.Interpreter) throws {
    let readings = try PythonProgram.readings(python, Self.script) {
      $0.kind == .signal(SIGUSR1)
    }
    #expect(readings.count > 12)
    for reading in readings {
      #expect(reading.native.cut == nil)
      guard case .merged(let frames, let cut) = reading.mixed else {
        Issue.record("separate: \(reading.mixed)")
        continue
      }
      #expect(cut == nil)
      // No frame is lost or doubled; only the interpreter's own frames are replaced.
      let pythonFrames = frames.compactMap { frame -> PythonFrame? in
        if case .python(let python) = frame { return python }
        return nil
      }
      #expect(pythonFrames == reading.python.frames)
      #expect(
        frames.count
          == reading.native.frames.count + pythonFrames.count - reading.evaluations.count)
      // No frame of the interpreter's function is left.
      #expect(
        !(reading.mixed.outline ?? []).contains("_PyEval_EvalFrameDefault"),
        "\(reading.mixed.outline ?? [])")
    }
  }

  @Test(arguments: Interpreters.all)
  func `native frames stand between Python frames`(python: Interpreters.Interpreter) throws {
    let readings = try PythonProgram.readings(
      python,
      """
      import os, signal
      def key(value):
          os.kill(os.getpid(), signal.SIGUSR1)
          return value
      def sorting():
          [2, 1].sort(key=key)
      sorting()
      """
    ) { $0.kind == .signal(SIGUSR1) }
    let outline = try #require(readings.first?.mixed.outline)
    let key = try #require(outline.firstIndex(of: "(key)"))
    let sorting = try #require(outline.firstIndex(of: "(sorting)"))
    #expect(outline[..<key].contains("kill"))
    // Between them are list.sort and the call of the key function.
    #expect(sorting - key > 2, "\(outline)")
    #expect(outline.index(of: "(<module>)", after: sorting) != nil, "\(outline)")
    #expect(outline.last == "_start")
  }

  /// The merged stack shows that C code started the process, and which code. A Python stack
  /// doesn't.
  @Test(arguments: Interpreters.all)
  func `processes started through foreign functions`(python: Interpreters.Interpreter) throws {
    let readings = try PythonProgram.readings(
      python,
      """
      import ctypes, os
      c = ctypes.CDLL(None)
      def forking():
          if c.fork() == 0:
              os._exit(0)
          os.wait()
      def calling():
          c.system(b"true")
      def piping():
          c.popen.restype = ctypes.c_void_p
          c.pclose.argtypes = [ctypes.c_void_p]
          c.pclose(c.popen(b"true", b"r"))
      forking()
      calling()
      piping()
      """
    ) { [.fork, .vfork, .clone].contains($0.kind) }
    let outlines = readings.map { $0.mixed.outline ?? [] }
    // The shells start no process, because `true` is built in.
    try #require(outlines.count == 3, "\(outlines)")
    for (outline, names) in zip(
      outlines,
      [
        ["fork", "(forking)", "(<module>)"], ["posix_spawn", "(calling)", "(<module>)"],
        ["posix_spawn", "popen", "(piping)", "(<module>)"],
      ])
    {
      var rest = 0
      for name in names {
        let index = outline.index(of: name, after: rest - 1)
        #expect(index != nil, "\(name) in \(outline)")
        rest = (index ?? 0) + 1
      }
    }
  }

  @Test(arguments: Interpreters.all)
  func `processes started by Python`(python: Interpreters.Interpreter) throws {
    let readings = try PythonProgram.readings(
      python,
      """
      import os, subprocess
      def forking():
          if os.fork() == 0:
              os._exit(0)
          os.wait()
      def running():
          subprocess.call(["/bin/true"])
      def spawning():
          os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
      forking()
      running()
      if hasattr(os, "posix_spawn"):
          spawning()
      """
    ) { [.fork, .vfork, .clone].contains($0.kind) }
    #expect(readings.count >= 2)
    for (reading, function) in zip(readings, ["(forking)", "(running)", "(spawning)"]) {
      let outline = try #require(reading.mixed.outline)
      let index = try #require(outline.firstIndex(of: function))
      #expect(outline[..<index].contains { $0.contains("fork") || $0.contains("spawn") })
    }
  }
}

extension [String] {
  fileprivate func index(of name: String, after index: Int) -> Int? {
    self[Swift.min(index + 1, count)...].firstIndex(of: name)
  }
}
