internal import Glibc

/// The connected sockets of the Unix domain in this network namespace, by their inodes, which /proc
/// shows as `socket:[1234]`.
///
/// The kernel gives them through netlink (sock_diag(7), linux/unix_diag.h).
package struct UnixSockets {
  private var peers: [UInt32: UInt32] = [:]

  /// Asks the kernel; without an answer there are none.
  package init() {
    let descriptor = OwnedDescriptor(
      socket(Self.netlinkFamily, Int32(SOCK_RAW.rawValue) | Self.closeOnExec, Self.socketDiagnosis))
    guard descriptor.rawValue >= 0 else { return }
    let request = Self.request
    guard send(descriptor.rawValue, request, request.count, 0) == request.count else { return }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    // A dump comes in as many parts as it needs.
    for _ in 0..<10_000 {
      let count = recv(descriptor.rawValue, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0, read(buffer.prefix(count)) else { return }
    }
  }

  /// Takes the kernel's answer.
  init(parsing answer: [UInt8]) {
    _ = read(answer[...])
  }

  /// The name of the socket that another one is connected to; nil if there is none.
  package func peer(of name: String) -> String? {
    guard name.hasPrefix("socket:["), let inode = UInt32(name.dropFirst(8).dropLast()) else {
      return nil
    }
    return peers[inode].map { "socket:[\($0)]" }
  }

  // MARK: Messages

  private static let netlinkFamily: Int32 = 16
  private static let socketDiagnosis: Int32 = 4
  private static let closeOnExec: Int32 = 0o2_000_000

  /// struct nlmsghdr (SOCK_DIAG_BY_FAMILY with NLM_F_REQUEST and NLM_F_DUMP), and struct
  /// unix_diag_req for all states with UDIAG_SHOW_PEER.
  private static let request: [UInt8] = {
    var bytes: [UInt8] = []
    func add(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value) { bytes += $0 }
    }
    add(UInt32(40))
    add(UInt16(20))
    add(UInt16(0x301))
    add(UInt32(1))
    add(UInt32(0))
    bytes += [UInt8(AF_UNIX), 0, 0, 0]
    add(UInt32.max)
    add(UInt32(0))
    add(UInt32(4))
    add(UInt64.max)
    return bytes
  }()

  /// Reads messages; false after the last one.
  private mutating func read(_ messages: ArraySlice<UInt8>) -> Bool {
    messages.withUnsafeBytes { bytes in
      var start = 0
      while start + 16 <= bytes.count {
        let length = Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
        let type = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt16.self)
        guard type == 20, length >= 16, start + length <= bytes.count else { return false }
        readSocket(UnsafeRawBufferPointer(rebasing: bytes[(start + 16)..<(start + length)]))
        start += (length + 3) & ~3
      }
      return true
    }
  }

  /// Reads struct unix_diag_msg with its attributes.
  private mutating func readSocket(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 16 else { return }
    let inode = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
    var start = 16
    while start + 8 <= bytes.count {
      let length = Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt16.self))
      let type = bytes.loadUnaligned(fromByteOffset: start + 2, as: UInt16.self)
      if type == 2, length >= 8 {
        let peer = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
        if peer != 0 { peers[inode] = peer }
      }
      guard length >= 4 else { return }
      start += (length + 3) & ~3
    }
  }
}
