internal import Bytes
package import Recording

/// A line of a recording with the run's identity in front, so that lines of many runs are rows of one table.
package struct FlatLine {
  /// What stands in front: of the header's own line, and of every other.
  private let headerPrefix: [UInt8]
  private let prefix: [UInt8]

  package init(_ header: RecordingHeader) {
    let command = header.command.joined(separator: " ").repaired
    headerPrefix = Self.opening { $0.member("command", command) }
    prefix = Self.opening { writer in
      writer.member("run", header.run.repaired)
      writer.member("t0", header.began.repaired)
      writer.member("host", header.host.repaired)
      writer.member("command", command)
    }
  }

  /// An object without its closing brace.
  private static func opening(_ members: (inout LineWriter) -> Void) -> [UInt8] {
    var writer = LineWriter()
    writer.object(members)
    return Array(writer.bytes.dropLast())
  }

  /// The line with its end; `line` is an object with at least one member, as the reader has found it to be.
  package func line(_ line: UnsafeRawBufferPointer, isHeader: Bool = false) -> [UInt8] {
    var result = isHeader ? headerPrefix : prefix
    result.append(UInt8(ascii: ","))
    guard let brace = line.firstIndex(of: UInt8(ascii: "{")) else { return [] }
    result += Self.texts(in: line[(brace + 1)...])
    result.append(UInt8(ascii: "\n"))
    return result
  }

  /// A line of our own about the run.
  package func line(_ members: (inout LineWriter) -> Void) -> [UInt8] {
    let own = Self.opening(members)
    return prefix + [UInt8(ascii: ",")] + own.dropFirst() + Array("}\n".utf8)
  }

  /// Texts that are no UTF-8 are objects in a recording, and a column has one type: here they are texts
  /// with U+FFFD for what is none. Inside a text the object's quotes would have escapes.
  private static func texts(in part: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
    let opening = Array(#"{"b64":""#.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(part.count)
    var index = part.startIndex
    while index < part.endIndex {
      if part[index] == opening[0], part[index...].starts(with: opening),
        let end = part[(index + opening.count)...].firstIndex(of: UInt8(ascii: "\"")),
        part[(end + 1)...].first == UInt8(ascii: "}"),
        let text = Base64.bytes(of: part[(index + opening.count)..<end])
      {
        var writer = LineWriter()
        writer.string(String(decoding: text, as: UTF8.self))
        result += writer.bytes
        // Behind the quote and the object's brace.
        index = end + 2
      } else {
        result.append(part[index])
        index += 1
      }
    }
    return result
  }
}
