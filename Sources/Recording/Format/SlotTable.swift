/// Gives values numbers, from 0 on, so that what repeats is written once.
///
/// Only the last so many are remembered; a value that comes back later gets another number.
struct SlotTable<Value: Hashable> {
  static var limit: Int { 1024 }

  private var numbers: [Value: Int] = [:]
  /// The values of the last numbers, each where its number's remainder says.
  private var values: [Value] = []
  private var next = 0

  /// The number of a value, and whether it was given just now.
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

/// The values that were read, by their numbers.
struct ReadSlots<Value> {
  private var values: [(number: Int, value: Value)?] = []

  /// nil where none was told, or so many since that no writer remembers it.
  subscript(number: Int) -> Value? {
    guard number >= 0 else { return nil }
    let index = number % SlotTable<Int>.limit
    guard index < values.count, let slot = values[index], slot.number == number else { return nil }
    return slot.value
  }

  /// Takes in a value; false where no writer gives such a number.
  mutating func set(_ number: Int, _ value: Value) -> Bool {
    guard number >= 0 else { return false }
    let index = number % SlotTable<Int>.limit
    while values.count <= index { values.append(nil) }
    values[index] = (number, value)
    return true
  }
}
