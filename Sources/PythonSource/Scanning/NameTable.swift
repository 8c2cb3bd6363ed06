/// Gives each name of a file a number. Names are bytes: no encoding is known here.
struct NameTable {
  private var slots: [Int32]
  private var hashes: [Int] = []
  private var ranges: [Range<Int>] = []
  private var text: [UInt8] = []

  init() {
    slots = [Int32](repeating: -1, count: 1024)
    for word in Word.allCases {
      _ = number(of: Array(word.spelling.utf8)[...])
    }
  }

  var count: Int { ranges.count }

  func bytes(of number: Int32) -> ArraySlice<UInt8> {
    text[ranges[Int(number)]]
  }

  func string(of number: Int32) -> String {
    String(decoding: bytes(of: number), as: UTF8.self)
  }

  /// The number of a name; a new one if the name is new. The hash has a seed, which keeps a file
  /// from being written against it.
  mutating func number(of name: ArraySlice<UInt8>) -> Int32 {
    var hasher = Hasher()
    name.withUnsafeBytes { hasher.combine(bytes: $0) }
    let hash = hasher.finalize()
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let known = Int(slots[slot])
      if hashes[known] == hash, isSame(text[ranges[known]], name) { return slots[slot] }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = Int32(ranges.count)
    slots[slot] = number
    hashes.append(hash)
    ranges.append(text.count..<(text.count + name.count))
    text.append(contentsOf: name)
    if ranges.count * 2 > slots.count { grow() }
    return number
  }

  private func isSame(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    var (left, right) = (one.startIndex, other.startIndex)
    while left < one.endIndex {
      if one[left] != other[right] { return false }
      left += 1
      right += 1
    }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for (number, hash) in hashes.enumerated() {
      var slot = hash & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }
}
