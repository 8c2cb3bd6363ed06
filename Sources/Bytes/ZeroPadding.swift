extension FixedWidthInteger {
  /// Returns the number's digits with zeros in front, at least `width` of them; a minus sign is not
  /// counted.
  package func zeroPadded(to width: Int, radix: Int = 10) -> String {
    let digits = String(magnitude, radix: radix)
    return (self < 0 ? "-" : "") + String(repeating: "0", count: Swift.max(0, width - digits.count))
      + digits
  }
}
