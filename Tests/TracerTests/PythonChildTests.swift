import Foundation
import LinuxProcess
import TestSupport
import Testing
import TraceModel

@testable import Tracer

/// Children before they execute a program: they share their parent's memory, or have a copy of it.
struct PythonChildTests {
  private static let interpreters = Interpreters.all + Interpreters.freeThreaded

  /// The stacks that were read at one stop.
  private struct Reading {
    var process: ProcessID
    var isChild: Bool
    var hasExecuted: Bool
    var outline: [String]
    var byNumber: [String]
  }

  /// Reads stacks at the first stop of each child, at its parent's event, at its execve, and at
  /// SIGUSR1.
  private func readings(_ python: Interpreters.Interpreter, _ script: String) throws -> [Reading] {
    let folder = try ScratchFolder()
    let path = try folder.write("main.py", script)
    let program = LivePython()
    var root: ProcessID?
    var executed: Set<ProcessID> = []
    var result: [Reading] = []
    try LiveTrace.run([python.path, "-S", path]) { stop in
      program.follow(stop)
      guard let main = root else {
        root = stop.process
        return .resume
      }
      switch stop.kind {
      case .exec, .signal(SIGUSR1), .fork, .vfork: break
      case .clone:
        let child = ThreadID(rawValue: Int32(truncatingIfNeeded: stop.message))
        if ProcessFolder(stop.process).hasThread(child) { return .resume }
      case .other where stop.thread == stop.process.firstThread && stop.process != main: break
      default: return .resume
      }
      // After its execve a child isn't Python any more.
      guard stop.process == main || StatusFields(of: stop.process)?.parent == main,
        !executed.contains(stop.process)
      else { return .resume }
      if stop.kind == .exec { executed.insert(stop.process) }
      result.append(
        Reading(
          process: stop.process, isChild: stop.process != main, hasExecuted: stop.kind == .exec,
          outline: program.stack(stop).outline,
          byNumber: program.stack(stop, byNumber: true).outline))
      return .resume
    }
    return result
  }

  /// vfork and posix_spawn, called by a thread while others run Python, and another waits.
  private static let spawning = """
    import os, subprocess, threading
    def waiting(event):
        event.wait()
    def running():
        subprocess.call(["/bin/true"])
    def launching():
        os.system("/bin/true")
    def spawning():
        if hasattr(os, "posix_spawn"):
            os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)
        else:
            os.system("/bin/true")
    def work():
        running()
        launching()
        spawning()
    event = threading.Event()
    other = threading.Thread(target=waiting, args=(event,))
    other.start()
    work()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    event.set()
    other.join()
    """

  @Test(arguments: interpreters)
  func `shared memory is the caller's stack`(python: Interpreters.Interpreter) throws {
    let readings = try readings(python, Self.spawning)
    let spawning = python.isAtLeast(8) ? "spawning:10" : "spawning:12"
    let places = [["running:5", "work:14"], ["launching:7", "work:15"], [spawning, "work:16"]]
    let expected = places.map { $0 + ["<module>:20"] } + places
    // Parent and child have the same stack, in any order.
    let parents = readings.filter { !$0.isChild }
    #expect(parents.map(\.outline) == expected)
    #expect(parents.map(\.byNumber) == expected)
    let children = readings.filter { $0.isChild && !$0.hasExecuted }
    #expect(children.map(\.outline) == expected)
    // The memory that it shares doesn't contain the child's number: its caller's stack, or none.
    for (child, place) in zip(children, expected) where child.byNumber != place {
      #expect(child.byNumber.count == 1, "\(child.byNumber)")
      #expect(child.byNumber.first?.contains("have frames") == true, "\(child.byNumber)")
    }
    // After the execve no Python is left.
    for child in readings.filter(\.hasExecuted) { #expect(child.outline == ["no Python"]) }
    #expect(readings.filter(\.hasExecuted).count == 6)
  }

  /// A forked child has the frames of the thread that forked, and then its own.
  @Test(arguments: interpreters)
  func `forked children go their own way`(python: Interpreters.Interpreter) throws {
    let readings = try readings(
      python,
      """
      import os, signal, threading; me = threading.get_ident
      def inChild():
          # Code of its own, where the parent will have other.
          exec("def made():\\n\\n signal.pthread_kill(me(), signal.SIGUSR1)\\nmade()", globals())
          os._exit(0)
      def forking():
          child = os.fork()
          if child == 0:
              inChild()
          os.waitpid(child, 0)
          exec("def own():\\n signal.pthread_kill(me(), signal.SIGUSR1)\\nown()", globals())
      def waiting(event):
          event.wait()
      event = threading.Event()
      other = threading.Thread(target=waiting, args=(event,))
      other.start()
      forking()
      thread = threading.Thread(target=forking)
      thread.start()
      thread.join()
      event.set()
      other.join()
      """)
    for isChild in [false, true] {
      let own = readings.filter { $0.isChild == isChild }
      let place = isChild ? ["inChild:4", "forking:9"] : ["forking:11"]
      #expect(
        own.map(\.outline) == [
          ["forking:7", "<module>:17"], place + ["<module>:17"], ["forking:7"], place,
        ])
      #expect(own.filter { !$0.hasExecuted }.map(\.byNumber) == own.map(\.outline))
    }
  }
}
