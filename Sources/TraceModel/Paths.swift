extension String {
  /// The part behind the last slash.
  package var lastPathComponent: Substring {
    utf8.lastIndex(of: 0x2f).map { self[utf8.index(after: $0)...] } ?? self[...]
  }

  /// Whether the part behind the last slash begins with these bytes; asked for each opened file.
  package func fileNameBegins(with prefix: StaticString) -> Bool {
    let count = prefix.utf8CodeUnitCount
    return utf8.withContiguousStorageIfAvailable { bytes in
      var start = bytes.count
      while start > 0, bytes[start - 1] != UInt8(ascii: "/") { start -= 1 }
      guard bytes.count - start >= count else { return false }
      return prefix.withUTF8Buffer { $0.elementsEqual(bytes[start..<(start + count)]) }
    } ?? lastPathComponent.utf8.starts(with: prefix.withUTF8Buffer { Array($0) })
  }

  /// The part before the last slash: empty for a file in the root and for a name without a slash.
  package var directory: Substring {
    utf8.lastIndex(of: 0x2f).map { self[..<$0] } ?? ""
  }

  /// The absolute path that this one means in `directory`, with `.`, `..` and doubled slashes
  /// folded and symbolic links kept: what `os.path.normpath(os.path.join(directory, self))` gives.
  package func absolutePath(in directory: String) -> String {
    if isNormalAbsolutePath { return self }
    // The directory isn't known: the name stays relative.
    if directory.isEmpty, utf8.first != UInt8(ascii: "/") { return folded }
    let whole = utf8.first == UInt8(ascii: "/") ? self : directory + "/" + self
    var components: [Substring.UTF8View] = []
    for component in whole[...].utf8.split(separator: UInt8(ascii: "/")) {
      if component.elementsEqual("..".utf8) {
        _ = components.popLast()
      } else if !component.elementsEqual(".".utf8) {
        components.append(component)
      }
    }
    return "/" + components.map { String(Substring($0)) }.joined(separator: "/")
  }

  /// A relative path without `.` in front and between.
  private var folded: String {
    let components = split(separator: "/").filter { $0 != "." }
    return components.isEmpty ? self : components.joined(separator: "/")
  }

  /// Whether the path is absolute and nothing in it needs folding, as in most paths.
  private var isNormalAbsolutePath: Bool {
    guard utf8.first == UInt8(ascii: "/") else { return false }
    var previous: UInt8 = 0
    for byte in utf8 {
      if previous == UInt8(ascii: "/"), byte == previous || byte == UInt8(ascii: ".") {
        return false
      }
      previous = byte
    }
    return previous != UInt8(ascii: "/") || utf8.count == 1
  }

  /// Whether the text ends with exactly these bytes. `hasSuffix` compares characters, which takes
  /// microseconds; this is asked for each frame of a stack while a thread waits.
  package func ends(with suffix: String) -> Bool {
    let distance = utf8.count - suffix.utf8.count
    guard distance >= 0 else { return false }
    let isEnd = utf8.withContiguousStorageIfAvailable { bytes in
      suffix.utf8.withContiguousStorageIfAvailable { end in
        // Backwards: paths differ at their ends, and folders begin alike.
        end.indices.reversed().allSatisfy { bytes[distance + $0] == end[$0] }
      }
    }
    return (isEnd ?? nil) ?? utf8.dropFirst(distance).elementsEqual(suffix.utf8)
  }

  /// The text with another name for a folder, wherever a path in it leads into that folder.
  ///
  /// - Parameters:
  ///   - folder: Absolute, without a slash at its end.
  ///   - name: Empty to make the paths relative to the folder.
  package func replacingFolder(_ folder: String, by name: String) -> String {
    guard utf8.count >= folder.utf8.count, contains(folder) else { return self }
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(of: folder) {
      let before =
        result.isEmpty && range.lowerBound == startIndex
        ? " " : self[index(before: range.lowerBound)]
      let after = range.upperBound < endIndex ? self[range.upperBound] : " "
      result += rest[..<range.lowerBound]
      rest = rest[range.upperBound...]
      if Self.isOfFileName(after) || Self.isOfFileName(before) || before == "/" {
        result += folder
      } else if after == "/" {
        result += name.isEmpty ? "" : name + "/"
        rest = rest.dropFirst()
      } else {
        result += name.isEmpty ? "." : name
      }
    }
    return result + rest
  }

  private static func isOfFileName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-.".contains(character)
  }

  /// This path as seen from `directory`, if it lies inside; else unchanged.
  package func path(relativeTo directory: String) -> String {
    let prefix = directory.hasSuffix("/") ? directory : directory + "/"
    return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
