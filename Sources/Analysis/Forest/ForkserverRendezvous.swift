internal import TraceModel

/// The clients that asked forkservers for their next workers.
///
/// A client binds the socket and starts the server with it. Then it and its relatives connect for
/// each worker that they want; the server accepts in that order and forks once for each
/// (Lib/multiprocessing/forkserver.py: `ensure_running`, `connect_to_new_process`, `main`).
struct ForkserverRendezvous: Sendable {
  /// The last address that a process bound.
  private var bound: [Int: String] = [:]
  private var addresses: [Int: String] = [:]
  /// Servers without a known address, by the process that started them: an strace log may lack
  /// `bind`.
  private var unaddressed: [Int: Int] = [:]
  /// The last address at which each process asked although no server was seen to listen.
  private var unheard: [Int: String] = [:]
  /// The clients that wait for their workers, by the address at which they asked.
  private var waiting: [String: [Client]] = [:]

  /// A process that waits for a worker, and where it asked.
  struct Client: Sendable {
    var process: Int
    var site: StartSite?
  }

  mutating func bound(_ address: SocketAddress, by process: Int) {
    bound[process] = address.path
    waiting[address.path] = []
  }

  mutating func began(server: Int, startedBy parent: Int?) {
    guard let parent else { return }
    if let address = bound[parent] {
      addresses[server] = address
    } else if let address = unheard.removeValue(forKey: parent) {
      addresses[server] = address
    } else {
      unaddressed[parent] = server
    }
  }

  /// Forgets a process.
  mutating func forget(_ process: Int) {
    bound[process] = nil
    unaddressed[process] = nil
    unheard[process] = nil
    if let address = addresses.removeValue(forKey: process) { waiting[address] = nil }
  }

  /// Adds a client. The server may not have executed its program yet: before Python 3.10 a fork
  /// starts it, and its starter doesn't wait for it.
  mutating func connected(_ address: SocketAddress, by client: Int, at site: StartSite?) {
    if waiting[address.path] == nil {
      guard address.isArbitrary else { return }
      // The first address that a server's starter asks is the server's.
      waiting[address.path] = []
      if let server = unaddressed.removeValue(forKey: client) {
        addresses[server] = address.path
      } else {
        unheard[client] = address.path
      }
    }
    waiting[address.path]?.append(Client(process: client, site: site))
  }

  /// Whether a client waits for a worker of this server.
  func isAwaited(_ server: Int) -> Bool {
    guard let address = addresses[server], let clients = waiting[address] else { return false }
    return !clients.isEmpty
  }

  /// Removes the client that a server forks for now; nil if no process was seen to ask.
  mutating func client(ofForkBy server: Int) -> Client? {
    guard let address = addresses[server], let first = waiting[address]?.first else { return nil }
    waiting[address]?.removeFirst()
    return first
  }
}

extension SocketAddress {
  /// Whether the address has the form of multiprocessing's listeners
  /// (Lib/multiprocessing/connection.py, `arbitrary_address`, 3.4 to 3.15: in a folder of its own,
  /// or abstract).
  fileprivate var isArbitrary: Bool {
    let name = path.utf8.split(whereSeparator: { $0 == 0x2F || $0 == 0 }).last
    return name?.starts(with: "listener-".utf8) ?? false
  }
}
