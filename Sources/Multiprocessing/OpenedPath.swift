internal import Bytes
package import TraceModel

extension FileOpen.Meaning {
  /// Decides what the open of a path means; nil if it means nothing and isn't an event.
  ///
  /// Reads the path's bytes: most mean nothing, and no string is made. The tracer and the reader of
  /// strace's logs both use this and make the same events.
  ///
  /// - Parameter scripts: The paths that command lines of the tree have named: a script may have
  ///   any name.
  package init?(
    _ path: UnsafeRawBufferPointer, openedBy process: ProcessState, scripts: Set<String>
  ) {
    let name: Slice<UnsafeRawBufferPointer>
    if let slash = path.lastIndex(of: UInt8(ascii: "/")) {
      name = path[(slash + 1)...]
    } else {
      name = path[...]
    }
    let module = StarterModule(fileName: name)
    if module?.isRefusedInBootWindow == true {
      self = .starter
      return
    }
    guard process.isPython else { return nil }
    if process.isBooting {
      // A worker that is being prepared forks (Lib/multiprocessing/context.py,
      // `ForkProcess._Popen`).
      if module == .fork {
        self = .forkStarter
        return
      }
      if path.elementsEqual(Self.nullDevice.utf8) {
        self = .endOfBoot
        return
      }
    }
    if name.ends(with: ".py") || name.ends(with: ".pyc") {
      guard CodeOrigin(path: path) == .user else { return nil }
      self = .program
      return
    }
    guard !name.ends(with: ".so"), !name.isEmpty, !scripts.isEmpty else { return nil }
    guard scripts.contains(String(exactly: path)) else { return nil }
    self = .program
  }

  /// Decides what an open means in a recording that doesn't say it. Its writer recorded only opens
  /// that mean something, and `/dev/null` only at the end of the boot window.
  package init(recordedPath path: String) {
    switch StarterModule(path: path) {
    case .spawn, .forkserver: self = .starter
    case .fork: self = .forkStarter
    case nil: self = path == Self.nullDevice ? .endOfBoot : .program
    }
  }

  /// A worker closes its standard input when its preparation is done, and opens this file instead
  /// (Lib/multiprocessing/process.py, `_bootstrap`: `util._close_stdin`).
  private static let nullDevice = "/dev/null"
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate func ends(with suffix: StaticString) -> Bool {
    count >= suffix.utf8CodeUnitCount
      && suffix.withUTF8Buffer { self.suffix($0.count).elementsEqual($0) }
  }
}
