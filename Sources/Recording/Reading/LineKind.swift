internal import JSON

/// The kind of a line, which its member `k` says.
enum LineKind {
  case header, stop, fix, end, other, stack, native
  case start, exec, open, pipe, write, bind, connect, kill, signal, blind, survey, thread
  case die, await
  case surveyed, exit

  init(_ key: JSONKey) {
    switch key {
    case "open": self = .open
    case "start": self = .start
    case "exec": self = .exec
    case "exit": self = .exit
    case "signal": self = .signal
    case "pipe": self = .pipe
    case "write": self = .write
    case "connect": self = .connect
    case "kill": self = .kill
    case "blind": self = .blind
    case "bind": self = .bind
    case "thread": self = .thread
    case "survey": self = .survey
    case "surveyed": self = .surveyed
    case "stack": self = .stack
    case "native": self = .native
    case "hdr": self = .header
    case "stop": self = .stop
    case "fix": self = .fix
    case "end": self = .end
    case "die": self = .die
    case "await": self = .await
    default: self = .other
    }
  }
}
