internal import CSpawnTrace
internal import SystemPackage

/// A file descriptor that is closed with its owner; -1 stands for no descriptor, as in `poll(2)`.
package struct OwnedDescriptor: ~Copyable {
  package let rawValue: Int32

  package init(_ rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// Returns the descriptor, which nothing closes now.
  package consuming func released() -> Int32 {
    let descriptor = rawValue
    discard self
    return descriptor
  }

  deinit {
    if rawValue >= 0 { try? FileDescriptor(rawValue: rawValue).close() }
  }
}
