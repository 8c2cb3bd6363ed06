internal import CLibunwind
internal import ELFImage
internal import LinuxProcess
internal import TraceModel

/// One reading of one stack.
final class StackWalk {
  private let process: ProcessID
  private let files: CodeFiles
  private let memory: PagedMemory
  private(set) var code: ProcessCode
  /// Whether the mappings were read anew during this reading. Once is enough.
  private var isUpdated = false

  init(process: ProcessID, code: consuming ProcessCode, files: CodeFiles, memory: PagedMemory) {
    self.process = process
    self.files = files
    self.memory = memory
    self.code = code
  }

  /// Walks from the thread's registers outward.
  func run(from registers: ThreadRegisters, limit: Int) -> NativeStackReading {
    var reading = NativeStackReading(frames: [])
    guard let space = files.space else {
      reading.cut = .damaged(code: -Int32(UNW_ENOMEM.rawValue))
      return reading
    }
    reading.frames.reserveCapacity(64)
    // libunwind reads memory through this closure while the walk runs.
    let cut: NativeStackCut? = withExtendedLifetime(memory) {
      var thread = spawntrace_unwind_thread_make(Unmanaged.passUnretained(memory).toOpaque()) {
        owner, address, value in
        let memory = Unmanaged<PagedMemory>.fromOpaque(owner).takeUnretainedValue()
        guard let word = memory.word(at: address) else { return false }
        value.pointee = word
        return true
      }
      thread.set(registers)
      return follow(&thread, &reading.frames, from: registers, in: space, limit: limit)
    }
    reading.cut = cut
    return reading
  }

  /// Collects the frames. Returns the reason if the walk ends too early.
  private func follow(
    _ thread: inout spawntrace_unwind_thread, _ frames: inout [RawNativeFrame],
    from registers: ThreadRegisters, in space: UnwindSpace, limit: Int
  ) -> NativeStackCut? {
    var isExact = true
    while true {
      let address = thread[ThreadRegisters.Number.instructionPointer]
      if address == 0, !frames.isEmpty { return nil }
      // A call may be the last instruction of its function, and of its mapping.
      let target = isExact ? address : address &- 1
      guard let index = index(of: target) else {
        if frames.isEmpty {
          frames.append(thread.frame(NativeFrame(symbol: nil, offset: address, image: nil)))
        }
        return .notCode(address: address)
      }
      let file = code.file(at: index, of: process, files.store, memory)
      let path = code.mappings[index].path
      let position = position(address, isExact: isExact, file)
      frames.append(
        thread.frame(NativeFrame(symbol: position.symbol, offset: position.offset, image: path)))
      guard frames.count < limit else { return .tooDeep(limit) }

      thread.enter(target, code.mappings[index].facts.range, file)
      let status = space.leave(&thread)
      // Without a table libunwind follows the frame pointer, which may hold anything.
      if thread.is_missing, !position.isSignalReturn {
        if frames.count == 1, isCloneStub(registers) {
          // The child has a new stack, which holds the function to run and no caller.
          guard registers.returnValue != 0,
            let caller = MachineCode.caller(ofStub: registers, memory)
          else { return .newThread }
          thread.set(caller)
          isExact = false
          continue
        }
        return MachineCode.isThreadEnd(at: address, memory) ? nil : .noUnwindTable(image: path)
      }
      if status < 0 { return .damaged(code: status) }
      if status == 0 { return nil }
      isExact = position.isSignalReturn
    }
  }

  /// Whether the thread is behind the system call of a stub for `clone` or `clone3`. glibc's stubs
  /// have no unwind table from there on, because it would be wrong in the child
  /// (sysdeps/unix/sysv/linux/x86_64, clone.S and clone3.S). They have pushed nothing.
  private func isCloneStub(_ registers: ThreadRegisters) -> Bool {
    MachineCode.isClone(registers.systemCall.number)
      && MachineCode.isSystemCall(before: registers.instructionPointer, memory)
  }

  /// The index of the mapping that contains an address. If none does, the mappings are read anew
  /// once.
  private func index(of address: UInt64) -> Int? {
    if let index = code.index(of: address) { return index }
    guard !isUpdated else { return nil }
    isUpdated = true
    code.update(of: process)
    return code.index(of: address)
  }

  /// The meaning of an address, or of the call before it unless it `isExact`.
  private func position(
    _ address: UInt64, isExact: Bool, _ file: ProcessCode.Mapping.File
  ) -> CodePositionCache.Position {
    guard let image = file.image, let key = image.address(address, bias: file.bias) else {
      return CodePositionCache.Position(
        symbol: nil, offset: address,
        isSignalReturn: MachineCode.isSignalReturn(at: address, memory))
    }
    if let known = files.positions[key, isExact: isExact] { return known }
    let own = address &- file.bias
    let match = image.functions.function(at: isExact ? own : own &- 1)
    var position = CodePositionCache.Position(
      symbol: match?.name, offset: match.map { isExact ? $0.offset : $0.offset + 1 } ?? own)
    position.isSignalReturn =
      image.mayReturnFromSignals && MachineCode.isSignalReturn(at: address, memory)
    files.positions[key, isExact: isExact] = position
    return position
  }
}

extension spawntrace_unwind_thread {
  /// A register by its DWARF number.
  fileprivate subscript(number: Int) -> UInt64 {
    get {
      withUnsafeBytes(of: registers) {
        $0.loadUnaligned(fromByteOffset: 8 * number, as: UInt64.self)
      }
    }
    set {
      withUnsafeMutableBytes(of: &registers) {
        $0.storeBytes(of: newValue, toByteOffset: 8 * number, as: UInt64.self)
      }
    }
  }

  fileprivate mutating func set(_ registers: ThreadRegisters) {
    register_count = Int32(ThreadRegisters.count)
    for number in 0..<ThreadRegisters.count { self[number] = registers[dwarf: number] }
  }

  /// The frame that the thread is in.
  fileprivate func frame(_ frame: NativeFrame) -> RawNativeFrame {
    RawNativeFrame(
      instructionPointer: self[ThreadRegisters.Number.instructionPointer],
      stackPointer: self[ThreadRegisters.Number.stackPointer], frame: frame)
  }

  /// Sets the position from which libunwind leaves the frame, in addresses assigned to the file.
  fileprivate mutating func enter(
    _ target: UInt64, _ range: Range<UInt64>, _ file: ProcessCode.Mapping.File
  ) {
    has_index = false
    guard let image = file.image, let address = image.address(target, bias: file.bias) else {
      return
    }
    self[ThreadRegisters.Number.instructionPointer] = address
    let displacement = image.base &- file.bias
    index.displacement = displacement
    guard let unwindIndex = image.unwindIndex else { return }
    has_index = true
    index.start = range.lowerBound &+ displacement
    index.end = range.upperBound &+ displacement
    index.header = image.base &+ unwindIndex.address
    index.table = image.base &+ unwindIndex.table
    index.count = unwindIndex.count
    index.bytes = image.tableBytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    index.bytes_count = UInt64(image.tableBytes.count)
  }
}
