// Reads hostile bytes as CODEOWNERS, and compares the matching with a slow one. Nothing may trap.
import Bytes

@testable import Triage

/// libFuzzer calls this for each input. The first line is a path.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeRawBufferPointer(start: start, count: count))
  let end = input.firstIndex(of: 0x0a) ?? input.endIndex
  let path = String(exactly: input[..<end])
  let names = path.exactBytes.split(separator: UInt8(ascii: "/"))
  let text = input[end...].dropFirst()
  let owners = CodeOwners(text).owners(of: path)
  precondition(owners.allSatisfy { $0.utf8.contains(UInt8(ascii: "@")) })
  precondition(Set(owners).count == owners.count)
  precondition(CodeOwners(Array(text) + [0x0a]).owners(of: "./" + path) == owners)
  for line in text.split(separator: 0x0a) {
    for isAnchored in [true, false] {
      guard let pattern = OwnersPattern(line, isAnchored: isAnchored) else { continue }
      precondition(pattern.matches(names) == matches(pattern.parts[...], names))
    }
  }
  return 0
}

/// Whether the first parts match the first names, by a table of all pairs.
private func matches(_ parts: ArraySlice<OwnersPattern.Part>, _ names: [ArraySlice<UInt8>]) -> Bool
{
  table(parts, names) { part, name in
    switch part {
    case .anyDepth: .many
    case .name(let pattern):
      table(pattern[...], name) { character, byte in
        switch character {
        case .anyMany: .many
        case .any: .one
        case .byte(let wanted): wanted == byte ? .one : .none
        }
      } ? .one : .none
    }
  }
}

private enum Match {
  case none
  case one
  case many
}

private func table<Element, Items: Collection>(
  _ pattern: ArraySlice<Element>, _ items: Items, _ match: (Element, Items.Element) -> Match
) -> Bool {
  let items = Array(items)
  var reached = [Bool](repeating: false, count: items.count + 1)
  reached[0] = true
  for element in pattern {
    var next = [Bool](repeating: false, count: items.count + 1)
    // What matches many matches none; the pattern's kind doesn't depend on the item.
    let isMany = isMany(element)
    if isMany { next[0] = reached[0] }
    for (index, item) in items.enumerated() {
      switch match(element, item) {
      case .none: break
      case .one: if reached[index] { next[index + 1] = true }
      case .many: next[index + 1] = next[index] || reached[index + 1]
      }
    }
    reached = next
  }
  return reached[items.count]
}

private func isMany(_ element: some Any) -> Bool {
  switch element {
  case let part as OwnersPattern.Part: part == .anyDepth
  case let character as OwnersPattern.Part.Character: character == .anyMany
  default: false
  }
}
