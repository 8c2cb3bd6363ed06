import ELFImage

// Another architecture adds a file like this one, and a generated table of offsets.
#if arch(x86_64)
  /// The facts about processes on x86_64 that Python's stacks are read by.
  ///
  /// The offsets in `Offsets+Generated.swift` are x86_64's, too. ``ThreadKey/threadPointer(_:)``
  /// relies on `pthread_self()` being the thread pointer itself, which isn't so on every
  /// architecture.
  enum Architecture {
    /// The addresses that a process can use: without the first page, which is never mapped
    /// (mmap_min_addr), and below 2^47 (Documentation/arch/x86/x86_64/mm.rst).
    static let userAddresses: Range<UInt64> = 4096..<1 << 47

    /// The offset of a thread's kernel number (`tid`) behind `pthread_self()` in glibc. `struct
    /// pthread` begins with a thread control block that is padded to 704 bytes, and a list's two
    /// pointers (glibc, nptl/descr.h).
    static let threadIDOffset: UInt64 = 704 + 2 * 8

    /// The minor version of CPython 3 by the size of `_PyRuntime` in bytes, for the versions that
    /// have no `Py_Version`. The size differs between these versions, and not within one (from
    /// 3.7.4 on).
    static let minorsByRuntimeSize: [UInt64: Int] = [1520: 7, 1464: 8, 656: 9, 672: 10]

    /// Whether a thread's control block can be at `address`: it begins with its own address
    /// (`tcbhead_t.tcb` in glibc, `struct pthread.self` in musl).
    static func isControlBlock(at address: UInt64, in memory: inout some MemoryReader) -> Bool {
      memory.integer(at: address) == address
    }
  }
#endif
