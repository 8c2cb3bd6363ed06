/// Finds all markers in a line in one pass (Aho and Corasick, 1975): one step for each byte, however
/// many markers there are.
final class MarkerScanner: Sendable {
  static let shared = MarkerScanner()

  /// The next state for each state and class of bytes.
  private let next: [UInt16]
  /// What is found on entering a state.
  private let found: [UInt64]
  /// Bytes that no marker has are one class.
  private let classes: [UInt8]
  private let width: Int

  private init() {
    let patterns = Marker.allCases.flatMap { marker in
      marker.texts.map { text in (marker, text.withUTF8Buffer { Array($0) }) }
    }
    var classes = [UInt8](repeating: 0, count: 256)
    var width = 1
    for byte in patterns.flatMap(\.1) where classes[Int(byte)] == 0 {
      classes[Int(byte)] = UInt8(width)
      width += 1
    }
    var trie = [[UInt16]](repeating: [UInt16](repeating: 0, count: width), count: 1)
    var found: [UInt64] = [0]
    for (marker, bytes) in patterns {
      var state = 0
      for byte in bytes {
        let column = Int(classes[Int(byte)])
        if trie[state][column] == 0 {
          trie[state][column] = UInt16(trie.count)
          trie.append([UInt16](repeating: 0, count: width))
          found.append(0)
        }
        state = Int(trie[state][column])
      }
      found[state] |= 1 << UInt64(marker.rawValue)
    }
    Self.link(&trie, &found, width)
    next = trie.flatMap(\.self)
    self.found = found
    self.classes = classes
    self.width = width
  }

  /// Turns the trie into an automaton: a state without a next one goes on where its longest suffix
  /// that is a marker's beginning does.
  private static func link(_ trie: inout [[UInt16]], _ found: inout [UInt64], _ width: Int) {
    var suffix = [Int](repeating: 0, count: trie.count)
    var queue: [Int] = trie[0].filter { $0 != 0 }.map { Int($0) }
    var position = 0
    while position < queue.count {
      let state = queue[position]
      position += 1
      found[state] |= found[suffix[state]]
      for column in 0..<width {
        let fallback = trie[suffix[state]][column]
        let child = Int(trie[state][column])
        if child == 0 {
          trie[state][column] = fallback
        } else {
          suffix[child] = Int(fallback)
          queue.append(child)
        }
      }
    }
  }

  func markers(in line: UnsafeRawBufferPointer) -> Markers {
    var state = 0
    var result: UInt64 = 0
    next.withUnsafeBufferPointer { next in
      found.withUnsafeBufferPointer { found in
        classes.withUnsafeBufferPointer { classes in
          for byte in line {
            state = Int(next[state &* width &+ Int(classes[Int(byte)])])
            result |= found[state]
          }
        }
      }
    }
    return Markers(rawValue: result)
  }
}
