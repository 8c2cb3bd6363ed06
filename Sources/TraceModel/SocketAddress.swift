/// A Unix socket's name (`sun_path`); an abstract one begins with a NUL character.
package struct SocketAddress: Hashable, Sendable {
  package var path: String

  package init(path: String) {
    self.path = path
  }
}
