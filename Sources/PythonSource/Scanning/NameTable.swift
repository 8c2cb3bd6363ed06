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
    let hash = Self.hash(of: name)
    let slot = slot(of: name, hash)
    if slots[slot] >= 0 { return slots[slot] }
    let number = Int32(ranges.count)
    slots[slot] = number
    hashes.append(hash)
    ranges.append(text.count..<(text.count + name.count))
    text.append(contentsOf: name)
    if ranges.count * 2 > slots.count { grow() }
    return number
  }

  /// The number of a name that the file has somewhere; nil if it doesn't have it.
  func number(ifKnown name: ArraySlice<UInt8>) -> Int32? {
    let number = slots[slot(of: name, Self.hash(of: name))]
    return number < 0 ? nil : number
  }

  private static func hash(of name: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    name.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }

  /// Where a name is, or where it belongs if it is new.
  private func slot(of name: ArraySlice<UInt8>, _ hash: Int) -> Int {
    var slot = hash & (slots.count - 1)
    while slots[slot] >= 0 {
      let known = Int(slots[slot])
      if hashes[known] == hash, isSame(text[ranges[known]], name) { break }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
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
