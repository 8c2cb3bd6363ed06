/// One frame of a native call stack, as it was read from outside the process.
package struct NativeFrame: Hashable, Sendable {
  /// The function's name in the file's symbol table, as the linker knows it (not demangled); nil if
  /// no symbol covers the address.
  package var symbol: String?
  /// The instruction's distance from the symbol's beginning in bytes; without a symbol, its address
  /// in the file before relocation, and outside files the address itself.
  package var offset: UInt64
  /// The path of the mapped file as /proc/PID/maps has it, or a name in brackets (`[vdso]`); nil
  /// for memory without a name, such as that of a JIT compiler.
  package var image: String?

  package init(symbol: String?, offset: UInt64, image: String?) {
    self.symbol = symbol
    self.offset = offset
    self.image = image
  }
}
