package import ELFImage

/// Local variables of the frames of the stack that a reader has read last, while the thread still
/// stands where it did.
///
/// A variable is known by its index in `co_varnames`: arguments come first.
extension StackReader {
  /// The address of the object that a variable refers to; nil if it isn't set, or can't be read.
  package func object(
    ofVariable index: Int, inFrame frame: Int, in interpreter: PythonInterpreter,
    memory: inout some MemoryReader
  ) -> UInt64? {
    guard let offset = interpreter.offsets.frame.locals, lastFrames.indices.contains(frame),
      let value: UInt64 = memory.integer(
        at: lastFrames[frame] &+ UInt64(offset) &+ 8 &* UInt64(index))
    else { return nil }
    // From 3.14 on the lowest bits are a tag.
    let address = value & ~3
    return address == 0 ? nil : address
  }

  /// The value of a variable that is an `int`, as the variable `other` is; nil if it is something
  /// else.
  package func integer(
    ofVariable index: Int, like other: Int, inFrame frame: Int,
    in interpreter: PythonInterpreter, memory: inout some MemoryReader
  ) -> Int? {
    // The type stands before the size in every kind of object.
    let type = UInt64(interpreter.offsets.bytes.size) &- 8
    guard
      let object = self.object(ofVariable: index, inFrame: frame, in: interpreter, memory: &memory),
      let model = self.object(ofVariable: other, inFrame: frame, in: interpreter, memory: &memory),
      let own: UInt64 = memory.integer(at: object &+ type),
      let wanted: UInt64 = memory.integer(at: model &+ type), own == wanted
    else { return nil }
    return interpreter.offsets.smallInteger(at: object, in: &memory)
  }

  /// The values of the dictionary at `address` by their keys, if all of these are `int`.
  package func integerKeys(
    ofDictionary address: UInt64, in interpreter: PythonInterpreter,
    memory: inout some MemoryReader
  ) -> [Int: UInt64]? {
    interpreter.offsets.integerKeys(ofDictionary: address, in: &memory)
  }
}
