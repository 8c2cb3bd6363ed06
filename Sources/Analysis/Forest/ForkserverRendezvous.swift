internal import TraceModel

/// Who asked which forkserver for its next worker.
///
/// A client binds the socket, starts the server with it, and then it and its kin connect for each
/// worker that they want; the server accepts in that order and forks once for each
/// (Lib/multiprocessing/forkserver.py: `ensure_running`, `connect_to_new_process`, `main`).
struct ForkserverRendezvous: Sendable {
  /// The last address that a process bound.
  private var bound: [Int: String] = [:]
  private var servers: [String: Int] = [:]
  /// The clients of each server that wait for their workers.
  private var waiting: [Int: [Int]] = [:]

  mutating func bound(_ address: SocketAddress, by process: Int) {
    bound[process] = address.path
  }

  mutating func began(server: Int, startedBy parent: Int?) {
    guard let parent, let address = bound[parent] else { return }
    servers[address] = server
  }

  mutating func connected(_ address: SocketAddress, by client: Int) {
    guard let server = servers[address.path] else { return }
    waiting[server, default: []].append(client)
  }

  /// The client for which a server forks now; nil where nobody was seen to ask.
  mutating func client(ofForkBy server: Int) -> Int? {
    guard let clients = waiting[server], let first = clients.first else { return nil }
    waiting[server] = Array(clients.dropFirst())
    return first
  }
}
