internal import Bytes

/// The system calls that are read; most lines of a log are about others.
enum StraceCall {
  case fork, vfork, clone, execve, execveat, open, openat, pipe2, write, bind, connect, chdir,
    kill, tgkill, exitGroup

  /// Returns nil for other calls. The length and the first byte are compared first.
  @inline(__always)
  init?(_ name: ByteScanner) {
    switch (name.bytes.count, name.first) {
    case (4, UInt8(ascii: "f")) where name == "fork": self = .fork
    case (5, UInt8(ascii: "v")) where name == "vfork": self = .vfork
    case (5, UInt8(ascii: "c")) where name == "clone": self = .clone
    case (6, UInt8(ascii: "c")) where name == "clone3": self = .clone
    case (6, UInt8(ascii: "e")) where name == "execve": self = .execve
    case (8, UInt8(ascii: "e")) where name == "execveat": self = .execveat
    case (4, UInt8(ascii: "o")) where name == "open": self = .open
    case (6, UInt8(ascii: "o")) where name == "openat": self = .openat
    case (5, UInt8(ascii: "p")) where name == "pipe2": self = .pipe2
    case (5, UInt8(ascii: "w")) where name == "write": self = .write
    case (4, UInt8(ascii: "k")) where name == "kill": self = .kill
    case (5, UInt8(ascii: "t")) where name == "tkill": self = .kill
    case (6, UInt8(ascii: "t")) where name == "tgkill": self = .tgkill
    case (4, UInt8(ascii: "b")) where name == "bind": self = .bind
    case (7, UInt8(ascii: "c")) where name == "connect": self = .connect
    case (5, UInt8(ascii: "c")) where name == "chdir": self = .chdir
    case (10, UInt8(ascii: "e")) where name == "exit_group": self = .exitGroup
    default: return nil
    }
  }

  var createsThread: Bool {
    switch self {
    case .fork, .vfork, .clone: true
    default: false
    }
  }
}
