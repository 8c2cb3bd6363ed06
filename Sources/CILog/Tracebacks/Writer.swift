/// What is known of the process that wrote a line of a traceback. A traceback has one writer.
struct Writer: Hashable, Sendable {
  /// Whether the line has the grammar of pytest's reports.
  var isPytest = false

  /// Whether both can be the same.
  func canBe(_ other: Writer) -> Bool { isPytest == other.isPytest }
}
