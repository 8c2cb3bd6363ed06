/// A line without the stamp that a CI host puts before it.
enum UnstampedLine {
  static func text(_ line: UnsafeRawBufferPointer) -> String {
    let text = String(decoding: UnsafeRawBufferPointer(rebasing: line.prefix(4_096)), as: UTF8.self)
    // A stamp at the beginning, and the space behind it.
    guard let mark = text.firstRange(of: "Z "),
      text.distance(from: text.startIndex, to: mark.lowerBound) < 90,
      text[..<mark.lowerBound].last?.isNumber == true
    else { return text }
    return String(text[mark.upperBound...])
  }
}
