internal import TraceModel

/// Who asked which forkserver for its next worker.
///
/// A client binds the socket, starts the server with it, and then it and its kin connect for each
/// worker that they want; the server accepts in that order and forks once for each
/// (Lib/multiprocessing/forkserver.py: `ensure_running`, `connect_to_new_process`, `main`).
struct ForkserverRendezvous: Sendable {
  /// The last address that a process bound.
  private var bound: [Int: String] = [:]
  private var addresses: [Int: String] = [:]
  /// The clients that wait for their workers, by the address at which they asked.
  private var waiting: [String: [Int]] = [:]

  mutating func bound(_ address: SocketAddress, by process: Int) {
    bound[process] = address.path
    waiting[address.path] = []
  }

  mutating func began(server: Int, startedBy parent: Int?) {
    addresses[server] = parent.flatMap { bound[$0] }
  }

  /// The process is spoken of no more.
  mutating func forget(_ process: Int) {
    bound[process] = nil
    if let address = addresses.removeValue(forKey: process) { waiting[address] = nil }
  }

  /// The server may not have executed its program yet: before Python 3.10 it is started by a fork,
  /// for which nobody waits.
  mutating func connected(_ address: SocketAddress, by client: Int) {
    waiting[address.path]?.append(client)
  }

  /// The client for which a server forks now; nil where nobody was seen to ask.
  mutating func client(ofForkBy server: Int) -> Int? {
    guard let address = addresses[server], let first = waiting[address]?.first else { return nil }
    waiting[address]?.removeFirst()
    return first
  }
}
