/// How the tokens of an expression are to be understood.
struct ScanOptions: OptionSet {
  let rawValue: Int

  static let stopsAtColon = ScanOptions(rawValue: 1)
  /// The names are an assignment's targets.
  static let targets = ScanOptions(rawValue: 2)
  /// `for` was before: targets up to `in`.
  static let loop = ScanOptions(rawValue: 4)
  /// A bracket at the beginning is a call: that of a class's bases.
  static let callsFirst = ScanOptions(rawValue: 8)
  /// The parameters of a `def`, to their closing bracket.
  static let parameters = ScanOptions(rawValue: 16)
}
