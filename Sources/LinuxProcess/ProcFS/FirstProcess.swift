internal import TraceModel

/// Process 1 of our pid namespace, which inherits orphans: an init, or a container's first program.
package enum FirstProcess {
  /// Whether it seems to reap orphans. Some containers are started with `sleep` or `tail`, which
  /// leave each as a zombie.
  package static var reapsOrphans: Bool {
    guard let status = StatusFields(of: ProcessID(rawValue: 1)) else { return false }
    // A process that catches, blocks or ignores SIGCHLD reaps. One that doesn't may still sit in
    // wait(2), so look for zombies.
    return status.handlesChildSignal || !hasZombies
  }

  private static var hasZombies: Bool {
    guard let list = contents(of: ProcMount.folder(of: 1) + "/task/1/children") else { return true }
    return String(decoding: list, as: UTF8.self).split(separator: " ").contains { child in
      guard let process = Int32(child).map(ProcessID.init(rawValue:)) else { return false }
      return ThreadFolder(process.firstThread, of: process).state == .zombie
    }
  }
}
