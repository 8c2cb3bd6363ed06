internal import Bytes

/// A CODEOWNERS file: the owners of a repository's files. What GitHub and GitLab have in common,
/// and GitLab's sections.
///
/// The last line that matches a path has its owners; one without owners leaves it without any. In a
/// file with sections each section has a last line, and the owners of all of them count
/// (docs.github.com, "About code owners"; docs.gitlab.com, "Code Owners syntax").
package struct CodeOwners: Hashable, Sendable {
  private struct Line: Hashable, Sendable {
    var pattern: OwnersPattern
    /// The section's number.
    var section: Int
    var owners: [String]
  }

  private var lines: [Line] = []
  private var sectionCount = 1

  /// GitHub doesn't read a longer file, either.
  package static let largestSize = 3 << 20

  /// Reads a file's text. Lines that can't be understood are skipped.
  package init(_ text: some Collection<UInt8>) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let plain = text.starts(with: mark) ? Array(text.dropFirst(mark.count)) : Array(text)
    let texts = plain.split(separator: 0x0a).map { line in
      line.last == 0x0d ? line.dropLast() : line
    }
    // GitLab has sections, and doesn't tie a pattern to the root by a slash in its middle.
    let headers = texts.map { OwnersSection($0) }
    let isAnchored = headers.allSatisfy { $0 == nil }
    var numbers: [String: Int] = [:]
    var section = 0
    var defaultOwners: [[String]] = [[]]
    for (text, header) in zip(texts, headers) {
      if let header {
        section = numbers[header.name] ?? sectionCount
        if section == sectionCount {
          numbers[header.name] = section
          sectionCount += 1
          defaultOwners.append([])
        }
        // The same section again goes on with the owners that are given now.
        if !header.owners.isEmpty { defaultOwners[section] = header.owners }
      } else if let line = OwnersLine(text),
        let pattern = OwnersPattern(line.pattern, isAnchored: isAnchored)
      {
        let owners = line.owners.isEmpty ? defaultOwners[section] : line.owners
        lines.append(Line(pattern: pattern, section: section, owners: owners))
      }
    }
  }

  /// Returns the owners of a file, in the order of the file's lines; none if it has none.
  ///
  /// - Parameter path: Relative to the repository's root, with slashes.
  package func owners(of path: String) -> [String] {
    let names = path.exactBytes.split(separator: UInt8(ascii: "/")).filter {
      !$0.elementsEqual(".".utf8)
    }
    guard !names.isEmpty else { return [] }
    var open = sectionCount
    var found: [Int: [String]] = [:]
    for line in lines.reversed() where found[line.section] == nil && line.pattern.matches(names) {
      found[line.section] = line.owners
      open -= 1
      if open == 0 { break }
    }
    var result: [String] = []
    for section in found.keys.sorted() {
      for owner in found[section] ?? [] where !result.contains(owner) { result.append(owner) }
    }
    return result
  }
}
