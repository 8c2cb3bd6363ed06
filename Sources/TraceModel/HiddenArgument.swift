internal import Bytes

/// An argument of which a recording has only keyed hashes, as the text that stands in its place.
///
/// `…` and 16 hexadecimal digits: equal arguments of a run, and of runs with the same key, have the
/// same digits. If an argument has parts that change by themselves from run to run (`ChangingText`),
/// hashes of what is left without those follow, of 8 digits each: as a person types it, as a program
/// makes it, and without any number: `…0123456789abcdef~01234567~89abcdef~01234567`. In front stands
/// what is not hidden, such as the letter of an option: `-W…0123456789abcdef`.
package struct HiddenArgument: Hashable, Sendable {
  package static let mark = "…"
  private static let separator: Character = "~"
  private static let wholeDigits = 16
  private static let patternDigits = 8

  private let beginning: Substring
  /// One or four: whole, typed, free, without numbers. Of `free` the last two, of other patterns one.
  private let hashes: [Substring]

  /// nil if the text isn't one, or not the pattern of one.
  package init?(_ argument: String) {
    // Asked for each argument of each process.
    guard argument.utf8.count >= 11, argument.containsBytes("…"),
      let mark = argument.firstRange(of: Self.mark)
    else { return nil }
    let hashes = argument[mark.upperBound...].split(
      separator: Self.separator, omittingEmptySubsequences: false)
    guard hashes.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isHexDigit) }) else { return nil }
    beginning = argument[..<mark.lowerBound]
    self.hashes = hashes
  }

  /// Makes the text for an argument.
  ///
  /// - Parameters:
  ///   - beginning: The part of it that is not hidden.
  ///   - patterns: The argument as a person types it, as a program makes it, and without numbers.
  package static func text(
    _ argument: String, beginning: String = "", patterns: [String] = [],
    hash: (String) -> UInt64
  ) -> String {
    let whole = beginning + mark + hash(argument).zeroPadded(to: wholeDigits, radix: 16)
    guard patterns.contains(where: { $0 != argument }) else { return whole }
    return patterns.reduce(whole) {
      "\($0)\(separator)" + (hash($1) & 0xffff_ffff).zeroPadded(to: patternDigits, radix: 16)
    }
  }

  /// What is shown of it.
  package var shown: String { beginning + Self.mark }

  /// The same as of all arguments that differ only by names of temporary files.
  package var typed: String { beginning + Self.mark + pattern(1) }

  /// The same as of all arguments that differ only by what changes by itself; keeps what
  /// `withoutNumbers` takes.
  package var free: String {
    "\(beginning)\(Self.mark)\(pattern(2))\(Self.separator)\(pattern(3))"
  }

  /// The same as of all arguments that differ only by numbers.
  package var withoutNumbers: String { beginning + Self.mark + pattern(3) }

  /// One of the four hashes as of a pattern. A text in which nothing changes by itself is its own
  /// pattern.
  private func pattern(_ index: Int) -> Substring {
    (hashes.indices.contains(index) ? hashes[index] : hashes[hashes.count - 1])
      .suffix(Self.patternDigits)
  }

  // MARK: Command lines

  /// Whether no part of any argument is hidden.
  package static func areShown(_ arguments: [String]) -> Bool {
    arguments.allSatisfy { HiddenArgument($0) == nil }
  }

  /// A command line as it is shown: `…` for a hidden argument, with their number for several.
  package static func shown(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var count = 0
    func close() {
      if count > 0 { result.append(mark + (count > 1 ? " (\(count) arguments)" : "")) }
      count = 0
    }
    for argument in arguments {
      guard let hidden = HiddenArgument(argument) else {
        close()
        result.append(argument)
        continue
      }
      if hidden.beginning.isEmpty {
        count += 1
      } else {
        close()
        result.append(hidden.shown)
      }
    }
    close()
    return result
  }
}

extension String {
  /// The argument, or `…` for one that is hidden.
  package var shownArgument: String { HiddenArgument(self)?.shown ?? self }
}
