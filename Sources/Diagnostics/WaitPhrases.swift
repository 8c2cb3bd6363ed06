package import TraceModel

extension ThreadActivity {
  /// What the thread does, in words that can follow a name.
  package var phrase: String {
    switch state {
    case .running: "runs"
    case .stopped: "is stopped by a job control signal"
    case .unknown: "could not be read"
    case .waiting(let wait): wait.phrase
    }
  }
}

extension Wait {
  /// The wait, in words that can follow a name.
  fileprivate var phrase: String {
    guard let object = objects.first else { return "waits in \(call)" }
    let rest = objects.count > 1 ? ", or \(objects.count - 1) more" : ""
    return object.phrase + rest
  }
}

extension WaitObject {
  fileprivate var phrase: String {
    switch kind {
    case .child: "waits for its child\(processList(or: "ren"))"
    case .process: "waits for the end of a process\(processList())"
    case .pipeToRead:
      processes.isEmpty
        ? "reads from a pipe that no process here writes to"
        : "waits to read from a pipe of\(processList())"
    case .pipeToWrite:
      processes.isEmpty
        ? "writes to a full pipe that no process here reads"
        : "writes to a full pipe to\(processList())"
    case .socket:
      processes.isEmpty ? "waits for a socket" : "waits for a socket of\(processList())"
    case .semaphore:
      "waits for a semaphore that it shares with\(processList(or: " no process here"))"
    case .lock: "waits for a lock of its own"
    case .fileLock: "waits for a lock on \(name ?? "a file")"
    case .file: "waits for \(name ?? "a file")"
    case .terminal: "waits for input from the terminal"
    case .signal: "waits for a signal"
    case .time: "sleeps"
    }
  }

  private func processList(or none: String = "") -> String {
    switch processes.count {
    case 0: none
    case 1: " pid \(processes[0].rawValue)"
    default:
      " pids " + processes.prefix(3).map { String($0.rawValue) }.joined(separator: ", ")
        + (processes.count > 3 ? " and \(processes.count - 3) more" : "")
    }
  }
}
