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
  /// Servers of which nobody saw the address, by who started them, and the last address at which each
  /// process asked where nobody was seen to listen: an strace log may lack `bind`.
  private var unaddressed: [Int: Int] = [:]
  private var unheard: [Int: String] = [:]
  /// The clients that wait for their workers, by the address at which they asked.
  private var waiting: [String: [Client]] = [:]

  /// Who waits for a worker, and where it asked.
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

  /// The process is spoken of no more.
  mutating func forget(_ process: Int) {
    bound[process] = nil
    unaddressed[process] = nil
    unheard[process] = nil
    if let address = addresses.removeValue(forKey: process) { waiting[address] = nil }
  }

  /// The server may not have executed its program yet: before Python 3.10 it is started by a fork,
  /// for which nobody waits.
  mutating func connected(_ address: SocketAddress, by client: Int, at site: StartSite?) {
    if waiting[address.path] == nil {
      guard address.isArbitrary else { return }
      // The first to be asked by who has started a server is the server.
      waiting[address.path] = []
      if let server = unaddressed.removeValue(forKey: client) {
        addresses[server] = address.path
      } else {
        unheard[client] = address.path
      }
    }
    waiting[address.path]?.append(Client(process: client, site: site))
  }

  /// The client for which a server forks now; nil where nobody was seen to ask.
  mutating func client(ofForkBy server: Int) -> Client? {
    guard let address = addresses[server], let first = waiting[address]?.first else { return nil }
    waiting[address]?.removeFirst()
    return first
  }
}

extension SocketAddress {
  /// Whether it is of the form that multiprocessing gives a listener (Lib/multiprocessing/connection.py,
  /// `arbitrary_address`, 3.4 to 3.15: in a folder of its own, or abstract).
  fileprivate var isArbitrary: Bool {
    let name = path.utf8.split(whereSeparator: { $0 == 0x2F || $0 == 0 }).last
    return name?.starts(with: "listener-".utf8) ?? false
  }
}
