internal import Bytes
internal import CSpawnTrace
internal import TraceModel

extension InitialStack {
  /// All that execve(2) has put on the stack, for when /proc can't be read.
  package struct Vectors {
    package let arguments: [String]
    /// The environment, each variable with a NUL behind it.
    package let environment: [UInt8]
    package let auxiliaryVector: AuxiliaryVector
    /// The path that execve(2) was given. For a script it is the script's.
    package let executedPath: String?
  }

  /// More than programs are given. In bytes.
  private static let vectorLimit = 1 << 20

  /// Reads the stack; nil if it isn't that of a program of 64 bits, or is too large.
  package var vectors: Vectors? {
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.vectorLimit) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      count = max(0, spawntrace_read_memory(thread.rawValue, pointer, base, Self.vectorLimit))
    }
    return Vectors(bytes, at: pointer)
  }
}

extension InitialStack.Vectors {
  /// - Parameter address: Where `bytes` begin in the program's memory.
  init?(_ bytes: [UInt8], at address: UInt64) {
    let words = bytes.count / 8
    func word(_ index: Int) -> UInt64? {
      index < words
        ? bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) }
        : nil
    }
    /// The pointers from an index on, up to a 0.
    func pointers(from index: Int) -> [UInt64]? {
      var result: [UInt64] = []
      while let pointer = word(index + result.count) {
        if pointer == 0 { return result }
        result.append(pointer)
      }
      return nil
    }
    func text(at pointer: UInt64) -> ArraySlice<UInt8>? {
      guard pointer >= address, pointer - address < UInt64(bytes.count) else { return nil }
      let rest = bytes[Int(pointer - address)...]
      return rest.firstIndex(of: 0).map { rest[..<$0] }
    }
    guard let arguments = pointers(from: 1), word(0) == UInt64(arguments.count),
      let variables = pointers(from: arguments.count + 2)
    else { return nil }
    let texts = arguments.compactMap { text(at: $0) }
    guard texts.count == arguments.count else { return nil }
    self.arguments = texts.map { String(exactly: $0) }
    environment = variables.compactMap { text(at: $0) }.flatMap { $0 + [0] }
    auxiliaryVector = AuxiliaryVector(
      parsing: Array(bytes.dropFirst(8 * (arguments.count + variables.count + 3))))
    let path = auxiliaryVector.executedPath
    executedPath = path == 0 ? nil : text(at: path).map { String(exactly: $0) }
  }
}
