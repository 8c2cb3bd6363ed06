import CSpawnTrace

/// Runs a classic BPF program over a `struct seccomp_data`, as far as seccomp(2) allows programs.
struct FilterInterpreter {
  enum Failure: Error {
    case unknownInstruction(UInt16)
    case badLoad(UInt32)
    /// It ran past its end: the kernel refuses such a program.
    case noReturn
  }

  let program: [sock_filter]

  /// Returns the program's action for a call.
  func verdict(
    _ number: UInt32, _ arguments: [UInt64] = [],
    architecture: UInt32 = spawntrace_audit_architecture
  ) throws -> UInt32 {
    let data = Self.data(number, arguments, architecture)
    var accumulator: UInt32 = 0
    var index = 0
    while index < program.count {
      let instruction = program[index]
      index += 1
      switch Int32(instruction.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        // The kernel takes aligned loads within the structure alone (seccomp_check_filter).
        guard instruction.k % 4 == 0, Int(instruction.k) + 4 <= data.count else {
          throw Failure.badLoad(instruction.k)
        }
        accumulator = data[Int(instruction.k)...].prefix(4).reversed().reduce(0) {
          $0 << 8 | UInt32($1)
        }
      case BPF_JMP | BPF_JEQ | BPF_K:
        index += Int(accumulator == instruction.k ? instruction.jt : instruction.jf)
      case BPF_JMP | BPF_JGT | BPF_K:
        index += Int(accumulator > instruction.k ? instruction.jt : instruction.jf)
      case BPF_RET | BPF_K:
        return instruction.k
      default:
        throw Failure.unknownInstruction(instruction.code)
      }
    }
    throw Failure.noReturn
  }

  /// struct seccomp_data of <linux/seccomp.h>: nr, arch, instruction_pointer, args[6].
  private static func data(
    _ number: UInt32, _ arguments: [UInt64], _ architecture: UInt32
  ) -> [UInt8] {
    var bytes = littleEndian(number) + littleEndian(architecture)
    // Different from every argument, so a load at a wrong offset is seen.
    bytes += littleEndian(0x5555_aaaa_5555_aaaa as UInt64)
    for index in 0..<6 {
      bytes += littleEndian(arguments.indices.contains(index) ? arguments[index] : 0)
    }
    return bytes
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
