internal import Bytes
internal import Input
internal import Runs

/// What an input is, judged by its first bytes.
enum InputKind: Hashable {
  case empty
  case run(RunFormat)
  /// JSON that may be a document of ours: only the whole of it shows that.
  case document
  case text
  /// Something that isn't read; what it is, in words.
  case foreign(String)

  /// - Parameter beginning: Decompressed, up to 64 KiB.
  init(_ beginning: [UInt8]) {
    if beginning.isEmpty {
      self = .empty
    } else if Self.isTar(beginning) {
      self = .foreign("it is a tar archive, and only zip archives are unpacked")
    } else if let format = RunFormat(beginning) {
      self = .run(format)
    } else if ZipArchive.isBeginning(beginning) {
      self = .foreign("it is a zip archive inside another archive, or compressed once more")
    } else if Compression(beginning) != nil {
      self = .foreign("it is compressed twice")
    } else if DocumentBeginning.isPossible(beginning) {
      self = .document
    } else if Self.isBinary(beginning) {
      self = .foreign("it is binary data")
    } else {
      self = .text
    }
  }

  /// The magic is at 257 in the first header (POSIX, pax, "ustar Interchange Format").
  private static func isTar(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 512 && bytes[257..<262].elementsEqual("ustar".utf8)
  }

  /// Text has no control characters, but a log may have some: a terminal's, or a stray NUL. Text of
  /// another encoding has bytes that aren't UTF-8, and no control characters.
  static func isBinary(_ bytes: [UInt8]) -> Bool {
    var controls = 0
    for byte in bytes {
      switch byte {
      // All but BEL, BS, TAB, LF, VT, FF, CR and ESC.
      case 0...6, 0x0e...0x1a, 0x1c...0x1f, 0x7f: controls += 1
      default: break
      }
    }
    guard controls > 0 else { return false }
    if controls * 20 > bytes.count { return true }
    let invalid = String(decoding: bytes, as: UTF8.self).unicodeScalars.count { $0 == "\u{FFFD}" }
    return invalid * 10 > bytes.count
  }
}
