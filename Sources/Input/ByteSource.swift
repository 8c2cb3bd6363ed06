internal import Glibc

/// A source of bytes that is read piece by piece.
package protocol ByteSource: AnyObject {
  /// Fills the beginning of `buffer`. Returns how many bytes it has read; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int
}

/// Why an input can't be read any further.
package enum InputError: Error, Hashable {
  /// A call failed with this errno.
  case system(Int32)
  /// A compressed file is damaged; what came before was read.
  case damaged(String)
  /// A compressed file ends in the middle; what came before was read.
  case torn
  /// It could be read and isn't, for this reason.
  case refused(String)
}

extension InputError {
  /// Whether there is no such file, or only a folder with its name.
  package var isAbsence: Bool {
    [.system(ENOENT), .system(ENOTDIR), .system(EISDIR)].contains(self)
  }
}
