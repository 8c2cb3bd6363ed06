extension StringProtocol {
  /// Whether the bytes of `part` stand somewhere in it.
  ///
  /// `contains` compares characters by Unicode's rules and takes microseconds for that; this is for what
  /// is asked at each stop or event.
  package func containsBytes(_ part: StaticString) -> Bool {
    utf8.withContiguousStorageIfAvailable { UnsafeRawBufferPointer($0).contains(part) }
      ?? ContiguousArray(utf8).withUnsafeBytes { $0.contains(part) }
  }
}
