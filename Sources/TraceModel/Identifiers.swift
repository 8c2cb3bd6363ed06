/// A process as the kernel names it in the tracer's pid namespace: the thread group's id (tgid).
///
/// The kernel gives a number to another process once the first is reaped; `ProcessForest` keeps
/// them apart.
package struct ProcessID: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// The process that has this first thread: the thread has the process's number.
  package init(firstThread thread: ThreadID) {
    rawValue = thread.rawValue
  }

  /// The process's first thread, which has the process's number.
  package var firstThread: ThreadID {
    ThreadID(rawValue: rawValue)
  }

  package static func < (left: ProcessID, right: ProcessID) -> Bool {
    left.rawValue < right.rawValue
  }

  // The operators of `RawRepresentable` are generic, and this is looked up for each event.

  package static func == (left: ProcessID, right: ProcessID) -> Bool {
    left.rawValue == right.rawValue
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(rawValue)
  }
}

/// A thread as the kernel names it in the tracer's pid namespace: its tid.
package struct ThreadID: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  package static func < (left: ThreadID, right: ThreadID) -> Bool {
    left.rawValue < right.rawValue
  }

  // As for `ProcessID`.

  package static func == (left: ThreadID, right: ThreadID) -> Bool {
    left.rawValue == right.rawValue
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(rawValue)
  }
}

// The number alone: paths below /proc are made of it.

extension ProcessID: CustomStringConvertible {
  package var description: String { String(rawValue) }
}

extension ThreadID: CustomStringConvertible {
  package var description: String { String(rawValue) }
}

/// Nanoseconds of the monotonic clock since the run began.
package struct TraceTime: Hashable, Comparable, Sendable {
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  package static let zero = TraceTime(nanoseconds: 0)

  package static func < (left: TraceTime, right: TraceTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

/// A file's identity, whatever its name: device and inode, as `stat(2)` gives them.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}
