import Analysis
import TraceModel

// Who ended a worker, in words, and what to do about it.
extension FindingContext {
  /// The process that sent the signal of which a worker died, or what can be said instead; nil if
  /// there is nothing to say.
  func sender(of end: WorkerEnd) -> Sentence? {
    guard case .signal(let signal, let sender) = end.reason else { return nil }
    if let sender {
      if sender == end.process { return nil }
      let place: Sentence = end.senderPlace.map { ", at \(place: $0.place)" } ?? ""
      return report[process: sender].map { "\($0.role.rawValue) \($0.pid.rawValue)\(place)" }
    }
    guard signal == SignalName.kill else { return nil }
    switch end.outOfMemoryKills {
    case .some(1...):
      return
        "the kernel, for lack of memory: the worker's cgroup counts it (\(code: "oom_kill"))"
    case .some:
      return
        "no process that spawntrace watches, nor the kernel for lack of memory: the worker's cgroup "
        + "counts no such kill; perhaps another program or user"
    case nil:
      return
        "no process that spawntrace watches: perhaps the kernel, a container's limit, another "
        + "program or user"
    }
  }

  /// What to do about a SIGKILL that no process of the run has sent.
  func adviceOnKill(_ end: WorkerEnd) -> Sentence {
    switch end.outOfMemoryKills {
    case .some(1...):
      "give each worker less to hold at once, start fewer workers, or raise the memory limit"
    case .some: "look for the program or the person that sent it: it was not the kernel"
    case nil:
      "check whether the kernel's out-of-memory killer sent it (\(code: "dmesg"), the cgroup's "
        + "memory.events)"
    }
  }
}
