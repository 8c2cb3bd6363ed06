/// /proc/PID/auxv: what the kernel told a program's linker when it began (getauxval(3)).
package struct AuxiliaryVector {
  /// AT_PHDR: where the program's headers are in memory.
  package private(set) var programHeaders: UInt64 = 0
  /// AT_PHNUM: how many there are.
  package private(set) var programHeaderCount = 0
  /// AT_SYSINFO_EHDR: where the vDSO is in memory; 0 where there is none.
  package private(set) var vdso: UInt64 = 0

  /// nil where the process is gone.
  package init?(process: Int32) {
    guard let bytes = contents(of: "/proc/\(process)/auxv"), !bytes.isEmpty else { return nil }
    bytes.withUnsafeBytes { words in
      var offset = 0
      while offset + 16 <= words.count {
        let value = words.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
        switch words.loadUnaligned(fromByteOffset: offset, as: UInt64.self) {
        case 3: programHeaders = value
        case 5: programHeaderCount = Int(truncatingIfNeeded: value)
        case 33: vdso = value
        default: break
        }
        offset += 16
      }
    }
  }
}
