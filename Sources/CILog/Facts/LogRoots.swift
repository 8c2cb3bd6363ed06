internal import Bytes
internal import TraceModel

/// The checkouts that a log names, and the commands that it repeats.
struct LogRoots: Sendable {
  private(set) var roots: [String] = []
  private(set) var commands: [String] = []
  private(set) var banner: PythonVersion?

  private static let limit = 32
  private static let longest = 1_024

  /// Whether the next line is a command: CircleCI and Azure print a script below a head.
  private(set) var expectsCommand = false

  mutating func read(_ line: UnsafeRawBufferPointer, _ markers: Markers) {
    guard line.count <= 4 * Self.longest else { return }
    if expectsCommand {
      expectsCommand = false
      keep(UnstampedLine.text(line)[...])
    }
    expectsCommand = markers.has(.script)
    let named: [(Marker, [StaticString])] = [
      (.repository, ["Git repository in "]), (.rootDirectory, ["rootdir: "]),
      (
        .workspace,
        [
          "uilding in workspace ", "GITHUB_WORKSPACE: ", "GITHUB_WORKSPACE=",
          "CI_PROJECT_DIR=", "CI_PROJECT_DIR: ", "safe.directory ",
        ]
      ),
      (.workingDirectory, ["orking directory is ", "orking directory: "]),
    ]
    for (marker, texts) in named where markers.has(marker) {
      for text in texts {
        if let end = line.range(of: text)?.upperBound { add(Self.text(line, end)) }
      }
    }
    if markers.has(.runningOn), let end = line.range(of: "Running on ")?.upperBound {
      // Jenkins: `Running on NODE in PATH`.
      let rest = Self.text(line, end)
      if let mark = rest.firstRange(of: " in ") { add(String(rest[mark.upperBound...])) }
    }
    if markers.has(.banner) { readBanner(line) }
    if markers.has(.groupRun) { readCommand(line) }
  }

  /// Adds the checkout that a path lies in, where a host keeps checkouts at a known place.
  mutating func addRoot(of path: String) {
    guard let checkout = CheckoutFolder(around: path), checkout.isDepthKnown else { return }
    add(checkout.path)
  }

  private static func text(_ line: UnsafeRawBufferPointer, _ start: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(rebasing: line[start...]), as: UTF8.self)
  }

  private mutating func add(_ text: String) {
    var root = text[...]
    while let last = root.last, " '\".,;\r".contains(last) { root = root.dropLast() }
    root = root.drop { $0 == "'" || $0 == "\"" || $0 == " " }
    if let comma = root.firstRange(of: ", ") { root = root[..<comma.lowerBound] }
    for suffix in ["/.git/", "/.git", "\\.git\\", "/", "\\"] where root.hasSuffix(suffix) {
      root = root.dropLast(suffix.count)
      break
    }
    let isAbsolute = root.hasPrefix("/") || root.dropFirst().hasPrefix(":")
    guard isAbsolute, root.utf8.count > 2, root.utf8.count < Self.longest,
      roots.count < Self.limit, !roots.contains(String(root))
    else { return }
    roots.append(String(root))
  }

  /// pytest's `platform linux -- Python 3.12.1, pytest-8.3.4`, setup-python's `Python version:`.
  private mutating func readBanner(_ line: UnsafeRawBufferPointer) {
    for mark in ["-- Python ", "Python version: "] as [StaticString] {
      guard banner == nil, let end = line.range(of: mark)?.upperBound else { continue }
      banner = PythonInPath.numbers(line[end...])
    }
  }

  // MARK: Commands

  /// Reads a command that a host or a shell repeats: `##[group]Run CMD`, `[command]CMD`, `$ CMD`,
  /// `+ CMD`, tox's `commands[0]> CMD`; CircleCI's and Azure's are lines of their own.
  private mutating func readCommand(_ line: UnsafeRawBufferPointer) {
    guard commands.count < Self.limit, line.count <= Self.longest else { return }
    let text = Self.text(line, 0)
    for mark in ["[group]Run ", "[command]", "commands[", "$ ", "+ "] {
      guard let range = text.firstRange(of: mark) else { continue }
      var command = text[range.upperBound...]
      if mark == "commands[" {
        guard let end = command.firstRange(of: "> ") else { continue }
        command = command[end.upperBound...]
      } else if mark.hasSuffix(" ") && !mark.hasPrefix("[") {
        // A prompt begins the line, or follows a stamp.
        let before = text[..<range.lowerBound]
        guard before.allSatisfy({ !$0.isLetter || "TZOE".contains($0) }), !before.contains("\"")
        else { continue }
      }
      keep(command)
      return
    }
  }

  private mutating func keep(_ command: Substring) {
    let words = command.split(separator: " ", maxSplits: 40)
    guard commands.count < Self.limit,
      words.contains(where: {
        $0.hasSuffix(".py") || $0.hasSuffix("python") || $0.hasSuffix("pytest")
          || $0.contains("python3")
      })
    else { return }
    let text = words.joined(separator: " ")
    if !commands.contains(text) { commands.append(text) }
  }
}
