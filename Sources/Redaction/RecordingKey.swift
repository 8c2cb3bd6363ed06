internal import Bytes

/// The key of a run's hashes. Without it no hash in a recording can be checked against a guess.
package struct RecordingKey: Hashable, Sendable {
  private let sipHash: SipHash24

  private init(_ first: UInt64, _ second: UInt64) {
    sipHash = SipHash24(key: (first, second))
  }

  /// A key for one run.
  package static func random() -> RecordingKey {
    var generator = SystemRandomNumberGenerator()
    return RecordingKey(generator.next(), generator.next())
  }

  /// The key that a secret text stands for. It can be guessed if the text can.
  package init(secret text: some Collection<UInt8>) {
    // Any two fixed keys that differ.
    self.init(
      SipHash24(key: (0, 1)).hash(of: text), SipHash24(key: (2, 3)).hash(of: text))
  }

  package func hash(of text: String) -> UInt64 { sipHash.hash(of: text.utf8) }

  /// 8 hexadecimal digits that are the same only for the same key, and show nothing of it.
  package var id: String {
    (hash(of: "the id of a recording's key") & 0xffff_ffff).zeroPadded(to: 8, radix: 16)
  }
}
