/// A time for people: seconds, with as many decimals as it has up to three.
package struct Seconds {
  package let text: String

  package init(_ nanoseconds: UInt64) {
    let milliseconds = nanoseconds / 1_000_000
    let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    var decimals = String(rest + 1000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    text = decimals.isEmpty ? "\(whole)" : "\(whole).\(decimals)"
  }
}
