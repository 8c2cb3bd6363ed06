import Testing

@testable import Reporting

/// What is cut for its width is cut between words.
struct CutTextTests {
  private let style = TextStyle(color: false, unicode: true)

  @Test func `the end is cut at a word's end`() {
    #expect(style.clippedAtEnd("one two three", to: 13) == "one two three")
    #expect(style.clippedAtEnd("one two three", to: 12) == "one two …")
    #expect(style.clippedAtEnd("one two three", to: 8) == "one two…")
    #expect(style.clippedAtEnd("one two three", to: 7) == "one …")
  }

  @Test func `the middle is cut between words`() {
    let text = "nothing moves: main.py waits for a process that waits for it"
    let cut = style.clippedInMiddle(text, to: 50)
    #expect(cut == "nothing moves: … for a process that waits for it")
  }

  @Test func `a long word is cut itself`() {
    #expect(style.clippedAtEnd("abcdefghij", to: 5) == "abcd…")
    #expect(style.clippedAtEnd("a bcdefghijklmnop", to: 12) == "a bcdefghij…")
    #expect(style.clippedInMiddle("/tmp/long/path/of/file.py", to: 13) == "/tmp…/file.py")
  }
}
