internal import Bytes
internal import TraceModel

/// The address in the arguments of `bind` and `connect`.
enum StraceAddress {
  /// Parses `3, {sa_family=AF_UNIX, sun_path="/tmp/x"}, 110`, where an abstract name has an `@` in front
  /// of it; nil for other families.
  static func unix(_ arguments: ByteScanner) -> SocketAddress? {
    guard arguments.contains("AF_UNIX") || arguments.contains("AF_LOCAL"),
      var rest = arguments.rest(afterLast: "sun_path=")
    else { return nil }
    let isAbstract = rest.skip("@")
    guard let path = rest.quoted(), !path.isCut else { return nil }
    return SocketAddress(path: (isAbstract ? "\u{0}" : "") + path.text)
  }
}
