internal import Bytes
package import JSON
package import Recording
internal import TraceModel

/// Makes the lines of a recording rows of one table for many runs: the run's identity is in each line.
package struct FlatLine {
  /// What begins the header's own line, and every other line.
  private let headerPrefix: [UInt8]
  private let prefix: [UInt8]

  package init(_ header: RecordingHeader) {
    let command = HiddenArgument.shown(header.command).joined(separator: " ").repaired
    headerPrefix = Self.opening { $0.member("command", command) }
    prefix = Self.opening { writer in
      writer.member("run", header.run.repaired)
      writer.member("t0", header.began.repaired)
      writer.member("host", header.host.repaired)
      writer.member("command", command)
    }
  }

  /// Returns an object without its closing brace.
  private static func opening(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter(.line)
    writer.object { members(&$0) }
    return Array(writer.bytes.dropLast())
  }

  /// Returns a line of the recording with the identity in front and with its end.
  ///
  /// - Parameter line: An object with at least one member, which `RecordingReader` has read.
  package func line(_ line: UnsafeRawBufferPointer, isHeader: Bool = false) -> [UInt8] {
    var result = isHeader ? headerPrefix : prefix
    result.append(UInt8(ascii: ","))
    guard let brace = line.firstIndex(of: UInt8(ascii: "{")) else { return [] }
    result += Self.texts(in: line[(brace + 1)...])
    return result.withUnsafeBytes { CopiedLine.bytes(of: $0) }
  }

  /// Returns a line of our own about the run.
  package func line(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    let own = Self.opening(members)
    return prefix + [UInt8(ascii: ",")] + own.dropFirst() + Array("}\n".utf8)
  }

  /// Replaces the objects that a recording has for texts that aren't UTF-8 by texts with U+FFFD, because a
  /// column of a table has one type. What looks like such an object is one: inside a text its quotes would
  /// be escaped.
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
        var writer = JSONWriter(.line)
        writer.string(String(decoding: text, as: UTF8.self))
        result += writer.bytes
        // After the quote and the object's brace.
        index = end + 2
      } else {
        result.append(part[index])
        index += 1
      }
    }
    return result
  }
}
