internal import Glibc

/// Process 1 of our pid namespace, whose children orphans become: an init, or what a container was started
/// with.
package enum FirstProcess {
  /// Whether it takes in the ends of orphans, as far as is seen: some containers are started with `sleep` or
  /// `tail`, which leave each as a zombie.
  package static var reapsOrphans: Bool {
    guard let status = StatusFile(process: 1) else { return false }
    // Whoever catches, awaits or ignores SIGCHLD does; who doesn't may wait for children all the time.
    return status.mindsChildren || !hasZombies
  }

  private static var hasZombies: Bool {
    guard let list = contents(of: "/proc/1/task/1/children") else { return true }
    return String(decoding: list, as: UTF8.self).split(separator: " ").contains { child in
      Int32(child).map { ThreadStatus(process: $0, thread: $0).state == "Z" } ?? false
    }
  }
}
