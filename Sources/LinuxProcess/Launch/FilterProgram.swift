internal import CSpawnTrace

/// A classic BPF program for seccomp(2): an action for the calls that patterns pick, ALLOW for the
/// others.
package struct FilterProgram {
  package enum Action {
    case notify
    case trace

    var value: UInt32 {
      switch self {
      case .notify: UInt32(SECCOMP_RET_USER_NOTIF)
      case .trace: UInt32(SECCOMP_RET_TRACE) | UInt32(spawntrace_filter_mark)
      }
    }
  }

  private(set) var instructions: [sock_filter] = []

  /// Builds the program. A call of another architecture (32-bit programs) or of the x32 table
  /// matches no number and passes unseen.
  package init(_ patterns: [CallPattern], action: Action) {
    // struct seccomp_data: nr at 0, arch at 4, args from 16 on, 8 bytes each, little-endian.
    load(4)
    append(UInt16(BPF_JMP | BPF_JEQ | BPF_K), spawntrace_audit_architecture, ifTrue: 1, ifFalse: 0)
    allow()
    load(0)
    for pattern in patterns {
      let block = Self.block(for: pattern.condition, action: action)
      append(
        UInt16(BPF_JMP | BPF_JEQ | BPF_K), UInt32(pattern.number), ifTrue: 0,
        ifFalse: UInt8(block.count))
      instructions += block
    }
    allow()
  }

  /// Returns the instructions for a number that has matched; every way through them ends in a
  /// return.
  private static func block(for condition: CallPattern.Condition, action: Action) -> [sock_filter] {
    let match = sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: action.value)
    let pass = sock_filter(
      code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: UInt32(SECCOMP_RET_ALLOW))
    guard condition != .always else { return [match] }
    let alternatives =
      if case .anyOf(let conditions) = condition { conditions } else { [condition] }
    // Each alternative falls through to its return, or jumps to the next alternative behind it.
    return alternatives.flatMap { tests(for: $0, failing: 1) + [match] } + [pass]
  }

  /// Returns instructions that fall through if the condition holds, and else jump `distance`
  /// farther.
  private static func tests(
    for condition: CallPattern.Condition, failing distance: Int
  ) -> [sock_filter] {
    func load(argument: Int) -> sock_filter {
      sock_filter(
        code: UInt16(BPF_LD | BPF_W | BPF_ABS), jt: 0, jf: 0, k: UInt32(16 + 8 * argument))
    }
    switch condition {
    case .always, .anyOf:
      return []
    case .argument(let index, isOneOf: let values):
      if values.isEmpty {
        let (jump, step) = (UInt16(BPF_JMP | BPF_JEQ | BPF_K), UInt8(distance))
        return [sock_filter(code: jump, jt: step, jf: step, k: 0)]
      }
      return [load(argument: index)]
        + values.enumerated().map { position, value in
          let isLast = position == values.count - 1
          return sock_filter(
            code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: UInt8(values.count - 1 - position),
            jf: isLast ? UInt8(distance) : 0, k: value)
        }
    case .argumentAbove(let index, let limit):
      return [
        load(argument: index),
        sock_filter(
          code: UInt16(BPF_JMP | BPF_JGT | BPF_K), jt: 0, jf: UInt8(distance), k: limit),
      ]
    case .allOf(let conditions):
      return conditions.reversed().reduce(into: []) { later, condition in
        later = tests(for: condition, failing: distance + later.count) + later
      }
    }
  }

  private mutating func load(_ offset: UInt32) {
    append(UInt16(BPF_LD | BPF_W | BPF_ABS), offset)
  }

  private mutating func allow() {
    append(UInt16(BPF_RET | BPF_K), UInt32(SECCOMP_RET_ALLOW))
  }

  private mutating func append(
    _ code: UInt16, _ k: UInt32, ifTrue: UInt8 = 0, ifFalse: UInt8 = 0
  ) {
    instructions.append(sock_filter(code: code, jt: ifTrue, jf: ifFalse, k: k))
  }
}
