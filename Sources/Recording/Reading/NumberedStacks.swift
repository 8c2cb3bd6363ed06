internal import JSON
internal import TraceModel

/// The stacks that were read, by number.
struct NumberedStacks {
  private var stacks = NumberedValues<StackReading>()
  private var nativeStacks = NumberedValues<MixedStack>()

  /// Adds the stack of a line; false if the line is damaged.
  mutating func add(_ value: JSONValue, isNative: Bool) -> Bool {
    guard let number: Int = value.member("id")?.integer() else { return false }
    if isNative { return MixedStack(value).map { nativeStacks.set(number, $0) } ?? false }
    return StackReading(value).map { stacks.set(number, $0) } ?? false
  }

  /// Returns the stack that a value names by number, or is itself.
  func stack(_ value: JSONValue) -> StackReading? {
    value.integer(Int.self).map { stacks[$0] } ?? StackReading(value)
  }

  func nativeStack(_ value: JSONValue) -> MixedStack? {
    value.integer(Int.self).map { nativeStacks[$0] } ?? MixedStack(value)
  }
}

extension StackReading {
  init?(_ value: JSONValue) {
    var reason: String?
    var version: PythonVersion?
    var frames: [PythonFrame]?
    var cut: String?
    let isObject = value.forEachMember { key, value in
      switch key {
      case "why": reason = value.text
      case "python": version = value.text.flatMap(PythonVersion.init(description:))
      case "frames": frames = value.map(PythonFrame.init)
      case "cut": cut = value.text
      default: break
      }
      return true
    }
    guard isObject else { return nil }
    if let version, let frames {
      self = .read(PythonCallStack(version: version, frames: frames, cut: cut))
    } else if let reason {
      self = .unreadable(reason)
    } else {
      return nil
    }
  }
}

extension PythonVersion {
  /// Parses a version as `description` writes it.
  fileprivate init?(description: String) {
    let numbers = description.split(separator: ".", omittingEmptySubsequences: false).map {
      Int($0)
    }
    guard numbers.count == 2 || numbers.count == 3, let major = numbers[0], let minor = numbers[1],
      numbers.count == 2 || numbers[2] != nil
    else { return nil }
    self.init(major: major, minor: minor, micro: numbers.count == 3 ? numbers[2] : nil)
  }
}

extension PythonFrame {
  fileprivate init?(_ value: JSONValue) {
    guard let fields = FrameFields(value), let frame = fields.python else { return nil }
    self = frame
  }
}

extension MixedStack {
  init?(_ value: JSONValue) {
    var reason: String?
    var frames: [FrameFields]?
    var python: [PythonFrame]?
    var cut: String?
    let isObject = value.forEachMember { key, value in
      switch key {
      case "why": reason = value.text
      case "frames": frames = value.map(FrameFields.init)
      case "python": python = value.map(PythonFrame.init)
      case "cut": cut = value.text
      default: break
      }
      return true
    }
    guard isObject, let frames else { return nil }
    if let reason, let python {
      let native = frames.compactMap(\.native)
      guard native.count == frames.count else { return nil }
      self = .separate(native: native, python: python, reason: reason)
      return
    }
    let mixed = frames.compactMap { frame in
      frame.python.map(MixedFrame.python) ?? frame.native.map(MixedFrame.native)
    }
    guard mixed.count == frames.count else { return nil }
    self = .merged(mixed, cut: cut)
  }
}

/// The members of a frame. A Python frame has a path, a native one an offset.
private struct FrameFields {
  private var path: String?
  private var line: Int?
  private var function: String?
  private var qualifiedName: String?
  private var module: String?
  private var source: String?
  private var statement: String?
  private var statementLine: Int?
  private var methodLines: [SourceExcerpt.Statement] = []
  private var symbol: String?
  private var offset: UInt64?
  private var image: String?

  init?(_ value: JSONValue) {
    let isObject = value.forEachMember { key, value in
      read(key, value)
      return true
    }
    guard isObject else { return nil }
  }

  private mutating func read(_ key: JSONKey, _ value: JSONValue) {
    switch key {
    case "path": path = value.text
    case "line": line = value.integer()
    case "func": function = value.text
    case "qual": qualifiedName = value.text
    case "module": module = value.text
    case "source": source = value.text
    case "stmt": statement = value.text
    case "stmtline": statementLine = value.integer()
    case "symbol": symbol = value.text
    case "offset": offset = value.integer()
    case "image": image = value.text
    case "methods": methodLines = value.map(SourceExcerpt.Statement.init) ?? []
    default: break
    }
  }

  var python: PythonFrame? {
    guard let path, let function else { return nil }
    var excerpt = source.map { SourceExcerpt(line: $0) }
    if let statement, let statementLine {
      excerpt?.statement = .init(number: statementLine, line: statement)
    }
    excerpt?.methodLines = methodLines
    return PythonFrame(
      path: path, line: line, function: function, qualifiedName: qualifiedName, module: module,
      source: excerpt)
  }

  var native: NativeFrame? {
    offset.map { NativeFrame(symbol: symbol, offset: $0, image: image) }
  }
}
