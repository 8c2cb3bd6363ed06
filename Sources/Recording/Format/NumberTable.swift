/// Numbers values from 0 on, so that a value that repeats is written once.
///
/// Only the last `limit` values are remembered; an older one gets a new number when it repeats.
struct NumberTable<Value: Hashable> {
  static var limit: Int { 1024 }

  private var numbers: [Value: Int] = [:]
  /// The remembered values; a value's index is its number modulo the limit.
  private var values: [Value] = []
  private var next = 0

  /// Returns the number of a value, and whether it is a new one.
  mutating func number(of value: Value) -> (number: Int, isNew: Bool) {
    if let known = numbers[value] { return (known, false) }
    let number = next
    next += 1
    if values.count < Self.limit {
      values.append(value)
    } else {
      numbers[values[number % Self.limit]] = nil
      values[number % Self.limit] = value
    }
    numbers[value] = number
    return (number, true)
  }
}

/// The values that were read, by the numbers that a `NumberTable` gave them.
struct NumberedValues<Value> {
  private var values: [(number: Int, value: Value)?] = []

  /// nil if the number is unknown or has been evicted.
  subscript(number: Int) -> Value? {
    guard number >= 0 else { return nil }
    let index = number % NumberTable<Int>.limit
    guard index < values.count, let entry = values[index], entry.number == number else {
      return nil
    }
    return entry.value
  }

  /// Keeps a value; false if no writer gives such a number.
  mutating func set(_ number: Int, _ value: Value) -> Bool {
    guard number >= 0 else { return false }
    let index = number % NumberTable<Int>.limit
    while values.count <= index { values.append(nil) }
    values[index] = (number, value)
    return true
  }
}
