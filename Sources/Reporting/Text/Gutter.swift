/// Makes the lines of a report that share a margin for line numbers.
struct Gutter {
  let style: TextStyle
  /// How many columns the widest line number takes.
  let digits: Int

  init(style: TextStyle, lines: [Int]) {
    self.style = style
    digits = lines.map { String($0).count }.max() ?? 1
  }

  /// The columns left of a line's content: number, blank, bar, blank.
  var margin: Int {
    digits + 3
  }

  /// The columns that a line's content has.
  var room: Int {
    style.width - margin
  }

  private var indent: String {
    String(repeating: " ", count: digits)
  }

  /// ` --> path:line`
  func arrow(_ location: String) -> StyledLine {
    StyledLine(indent + "--> ", .gutter).appending(location)
  }

  /// `  |`, and the content if there is any.
  func bar(
    _ content: String = "", _ tone: StyledLine.Tone = .plain, weight: StyledLine.Weight = .needed
  ) -> StyledLine {
    StyledLine(indent + " |", .gutter, weight: weight)
      .appending(content.isEmpty ? "" : " " + content, tone)
  }

  /// `6 | content`, or `6 + content` with another mark.
  func numbered(
    _ number: Int?, mark: String = "|", _ content: String, _ tone: StyledLine.Tone = .plain
  ) -> StyledLine {
    let label = number.map { String($0) } ?? ""
    let padding = String(repeating: " ", count: max(0, digits - label.count))
    let markTone = tone == .plain ? .gutter : tone
    return StyledLine(label + padding + " ", .gutter).appending(mark, markTone)
      .appending(" " + content, tone)
  }

  /// `  = label: text`, over as many lines as it takes.
  func note(_ label: String, _ text: String) -> [StyledLine] {
    let head = indent + " = "
    let hang = String(repeating: " ", count: head.count + label.count + 2)
    return wrap(text, to: style.width - hang.count).enumerated().map { index, part in
      index == 0
        ? StyledLine(head, .gutter).appending(label + ":", .strong).appending(" " + part)
        : StyledLine(hang + part)
    }
  }

  /// Breaks `text` at spaces into lines of at most `width` columns; code between backticks is kept
  /// together.
  func wrap(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in Self.words(of: text) {
      let columns = DisplayText.width(of: word)
      if !line.isEmpty && used + 1 + columns > width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      if !line.isEmpty {
        line += " "
        used += 1
      }
      line += style.clippedAtEnd(word, to: width)
      used += columns
    }
    return lines + [line]
  }

  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isCode = false
    for character in text {
      if character == "`" {
        isCode.toggle()
      }
      if character == " " && !isCode {
        words.append(word)
        word = ""
      } else {
        word.append(character)
      }
    }
    return words + [word]
  }
}
