/// A pattern of CODEOWNERS for paths, which is one of gitignore(5) without `!` and `[...]`.
///
/// Matching takes time in proportion to the lengths of pattern and path, multiplied, at most:
/// behind each `*` and `**` only the last one is tried again.
struct OwnersPattern: Hashable {
  enum Part: Hashable {
    /// `**`: any number of folders.
    case anyDepth
    /// A name, in which `*` and `?` have not been resolved.
    case name([Character])

    enum Character: Hashable {
      case byte(UInt8)
      /// `?`
      case any
      /// `*`
      case anyMany
    }
  }

  let parts: [Part]

  /// - Parameters:
  ///   - text: A backslash takes the meaning from the byte behind it.
  ///   - isAnchored: Whether a slash in the middle ties a pattern to the root, as GitHub has it. In
  ///     GitLab only a slash in front does.
  /// - Returns: nil if there is nothing to match.
  init?(_ text: ArraySlice<UInt8>, isAnchored: Bool) {
    var names = Self.names(of: text)
    let isRooted = names.first?.isEmpty == true
    if isRooted { names.removeFirst() }
    let isFolder = names.last?.isEmpty == true
    let isNested = names.count > (isFolder ? 2 : 1)
    names.removeAll(where: \.isEmpty)
    guard let last = names.last else { return nil }
    var parts: [Part] = []
    if !isRooted, !(isNested && isAnchored) { parts.append(.anyDepth) }
    for name in names { parts.append(name == [.anyMany, .anyMany] ? .anyDepth : .name(name)) }
    if isFolder || last == [.anyMany, .anyMany] {
      // What is in it, at any depth.
      if !isFolder { parts.removeLast() }
      parts += [.name([.anyMany]), .anyDepth]
    } else if last != [.anyMany] {
      // A folder of this name has all in it; `docs/*` has only files.
      parts.append(.anyDepth)
    }
    self.parts = parts
  }

  /// Whether a path, relative to the repository's root, matches; `names` are its parts.
  func matches(_ names: [ArraySlice<UInt8>]) -> Bool {
    var (part, name) = (0, 0)
    var retry: (part: Int, name: Int)?
    while name < names.count {
      if part < parts.count {
        switch parts[part] {
        case .anyDepth:
          retry = (part, name)
          part += 1
          continue
        case .name(let pattern) where Self.matches(pattern, names[name]):
          part += 1
          name += 1
          continue
        case .name: break
        }
      }
      guard let last = retry else { return false }
      retry = (last.part, last.name + 1)
      part = last.part + 1
      name = last.name + 1
    }
    return parts[part...].allSatisfy { $0 == .anyDepth }
  }

  private static func matches(_ pattern: [Part.Character], _ name: ArraySlice<UInt8>) -> Bool {
    var (place, position) = (0, name.startIndex)
    var retry: (place: Int, position: Int)?
    while position < name.endIndex {
      if place < pattern.count {
        switch pattern[place] {
        case .anyMany:
          retry = (place, position)
          place += 1
          continue
        case .any:
          place += 1
          position += 1
          continue
        case .byte(name[position]):
          place += 1
          position += 1
          continue
        case .byte: break
        }
      }
      guard let last = retry else { return false }
      retry = (last.place, last.position + 1)
      place = last.place + 1
      position = last.position + 1
    }
    return pattern[place...].allSatisfy { $0 == .anyMany }
  }

  /// Splits a pattern at its slashes.
  private static func names(of text: ArraySlice<UInt8>) -> [[Part.Character]] {
    var names: [[Part.Character]] = [[]]
    var isEscaped = false
    for byte in text {
      var character: Part.Character = .byte(byte)
      if isEscaped {
        isEscaped = false
      } else {
        switch byte {
        case UInt8(ascii: "\\"):
          isEscaped = true
          continue
        case UInt8(ascii: "/"):
          names.append([])
          continue
        case UInt8(ascii: "*"): character = .anyMany
        case UInt8(ascii: "?"): character = .any
        default: break
        }
      }
      names[names.count - 1].append(character)
    }
    return names
  }
}
