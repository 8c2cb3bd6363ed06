/// A class or function that is being read.
struct Scope {
  var isFunction: Bool
  /// Where its header begins. It ends at the next line that begins no further right.
  var column: Int
  var bound: [Int32] = []
  /// In a class: what its body has bound so far, which later statements of the body find there.
  var boundBefore: Set<Int32> = []
  /// In a function: what its body reads, and the functions in it.
  var uses: [NameUse] = []
  var globals: [Int32] = []
  var nonlocals: [Int32] = []
  /// `T` in `class C[T]` (PEP 695).
  var typeParameters = Set<Int32>()
}

/// A set of names that is emptied in no time.
struct NameMarks {
  private var marks: [UInt32]
  private var current: UInt32 = 0

  init(count: Int) {
    marks = [UInt32](repeating: 0, count: count)
  }

  mutating func clear() {
    current += 1
  }

  mutating func insert(_ names: [Int32]) {
    for name in names { marks[Int(name)] = current }
  }

  func contains(_ name: Int32) -> Bool {
    marks[Int(name)] == current
  }
}
