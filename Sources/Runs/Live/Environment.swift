internal import Bytes
internal import Glibc

/// The environment of this process.
enum Environment {
  static var variables: [(name: String, value: String)] {
    var result: [(name: String, value: String)] = []
    var next = environ
    while let entry = next.pointee {
      let bytes = UnsafeRawBufferPointer(start: entry, count: strlen(entry))
      if let sign = bytes.firstIndex(of: UInt8(ascii: "=")) {
        result.append(
          (String(exactly: bytes[..<sign]), String(exactly: bytes[(sign + 1)...])))
      }
      next += 1
    }
    return result
  }
}
