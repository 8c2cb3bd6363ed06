import Diagnostics
import Testing

struct SentenceTests {
  @Test func `an interpolated string becomes parts`() {
    let inner: Sentence = "\(path: "/a b") twice"
    let sentence: Sentence =
      "see \(place: Place(path: "/x.py", line: 3)), \(code: "x = 1"), \(inner), \(2) times"
    #expect(
      sentence.parts == [
        .text("see "), .place(Place(path: "/x.py", line: 3)), .text(", "), .code("x = 1"),
        .text(", "), .path("/a b"), .text(" twice"), .text(", "), .text("2"), .text(" times"),
      ])
    #expect(sentence.text == "see /x.py:3, `x = 1`, /a b twice, 2 times")
  }

  @Test func `a place without a line is its file`() {
    #expect(Place(path: "/x.py", line: nil).text == "/x.py")
  }

  @Test func `sentences are joined part by part`() {
    let sentence: Sentence = "one " + "\(name: "two")"
    #expect(sentence.parts == [.text("one "), .name("two")])
  }
}
