extension StringProtocol {
  /// Whether the bytes of `part` stand somewhere in it.
  ///
  /// `contains` compares characters by Unicode's rules and takes microseconds for that; this is for what
  /// is asked at each stop or event.
  package func containsBytes(_ part: StaticString) -> Bool {
    part.withUTF8Buffer { part in
      guard let first = part.first else { return true }
      var rest = Substring(self).utf8
      while let start = rest.firstIndex(of: first) {
        rest = rest[start...]
        if rest.starts(with: part) { return true }
        rest = rest.dropFirst()
      }
      return false
    }
  }
}
