package import TraceModel

/// /proc/PID/auxv: what the kernel gave a program's linker at its start (getauxval(3)).
package struct AuxiliaryVector {
  /// AT_PHDR: where the program's headers are in memory.
  package private(set) var programHeaders: UInt64 = 0
  /// AT_PHNUM: how many there are.
  package private(set) var programHeaderCount = 0
  /// AT_SYSINFO_EHDR: where the vDSO is in memory; 0 if there isn't one.
  package private(set) var vdso: UInt64 = 0

  /// AT_EXECFN: where the path that execve(2) was given is in memory; 0 if it isn't known.
  private(set) var executedPath: UInt64 = 0

  /// Returns nil if the process is gone.
  package init?(process: ProcessID) {
    let path = ProcMount.folder(of: process) + "/auxv"
    guard let bytes = contents(of: path), !bytes.isEmpty else { return nil }
    self.init(parsing: bytes)
  }

  init(parsing bytes: [UInt8]) {
    bytes.withUnsafeBytes { words in
      var offset = 0
      while offset + 16 <= words.count {
        let value = words.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        switch words.loadUnaligned(fromByteOffset: offset, as: UInt64.self) {
        // AT_NULL: the strings follow.
        case 0: return
        case 3: programHeaders = value
        case 5: programHeaderCount = Int(truncatingIfNeeded: value)
        case 31: executedPath = value
        case 33: vdso = value
        default: break
        }
        offset += 16
      }
    }
  }
}
