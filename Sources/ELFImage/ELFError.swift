/// The reason why bytes can't be read as an ELF file.
package enum ELFError: Error, Hashable, Sendable {
  /// The bytes don't begin as an ELF file does.
  case notELF
  /// The file is for a 32-bit or a big-endian machine, or of a version that doesn't exist.
  case unsupported
  /// The file header or the program headers lie beyond the end of the bytes, or their sizes aren't
  /// those of ELF64.
  case malformed
}
