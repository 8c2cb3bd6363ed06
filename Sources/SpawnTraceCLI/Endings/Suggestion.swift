/// Finds the word that was probably meant.
enum Suggestion {
  /// Returns the nearest of `known`: one that few changes of letters lead to. nil if none is near.
  static func nearest(to word: String, in known: [String]) -> String? {
    let limit = word.count < 5 ? 1 : 2
    return known.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }
      .min { $0.1 < $1.1 }?.0
  }

  /// How many letters must be changed, added, left out, or exchanged with the next one.
  static func distance(_ one: String, _ other: String) -> Int {
    let (a, b) = (Array(one), Array(other))
    guard abs(a.count - b.count) <= 2 else { return abs(a.count - b.count) }
    var rows = [Array(0...b.count)]
    for i in 1...max(1, a.count) where i <= a.count {
      var row = [i]
      for j in 1...max(1, b.count) where j <= b.count {
        let change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        var least = min(change, rows[i - 1][j] + 1, row[j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          least = min(least, rows[i - 2][j - 2] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows.last?.last ?? 0
  }
}
