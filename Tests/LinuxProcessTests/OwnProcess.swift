import Glibc
import LinuxProcess
import TraceModel

/// The process that runs the tests.
let ownProcess = ProcessID(rawValue: getpid())

/// Its first thread; its memory is read by this id.
let ownThread = ownProcess.firstThread

/// No process or thread has these ids.
let noProcess = ProcessID(rawValue: .max)
let noThread = ThreadID(rawValue: .max)

/// The thread that calls this.
func callingThread() -> ThreadID {
  // PID/task/TID
  let name = destination(ofLink: "/proc/thread-self")?.split(separator: "/").last
  return ThreadID(rawValue: name.flatMap { Int32($0) } ?? -1)
}
