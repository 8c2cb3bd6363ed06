internal import TraceModel

/// The stacks that lines have told, by number.
struct StackSlots {
  private var stacks = ReadSlots<StackReading>()
  private var nativeStacks = ReadSlots<MixedStack>()

  /// Takes in a line that tells one; false where it doesn't.
  mutating func take(_ value: JSONValue, isNative: Bool) -> Bool {
    guard let number: Int = value.member("id")?.integer() else { return false }
    if isNative { return MixedStack(value).map { nativeStacks.set(number, $0) } ?? false }
    return StackReading(value).map { stacks.set(number, $0) } ?? false
  }

  /// The stack of a number, or one that stands in the event itself.
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
      if key == "why" {
        reason = value.text
      } else if key == "python" {
        version = value.text.flatMap(PythonVersion.init(description:))
      } else if key == "frames" {
        frames = value.map(PythonFrame.init)
      } else if key == "cut" {
        cut = value.text
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
  /// A version as `description` gives it.
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
      if key == "why" {
        reason = value.text
      } else if key == "frames" {
        frames = value.map(FrameFields.init)
      } else if key == "python" {
        python = value.map(PythonFrame.init)
      } else if key == "cut" {
        cut = value.text
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

/// The members of a frame, of which those of a Python frame have a path.
private struct FrameFields {
  private var path: String?
  private var line: Int?
  private var function: String?
  private var qualifiedName: String?
  private var module: String?
  private var source: String?
  private var statement: String?
  private var statementLine: Int?
  private var symbol: String?
  private var offset: UInt64?
  private var image: String?

  init?(_ value: JSONValue) {
    let isObject = value.forEachMember { key, value in
      take(key, value)
      return true
    }
    guard isObject else { return nil }
  }

  private mutating func take(_ key: JSONKey, _ value: JSONValue) {
    if key == "path" {
      path = value.text
    } else if key == "line" {
      line = value.integer()
    } else if key == "func" {
      function = value.text
    } else if key == "qual" {
      qualifiedName = value.text
    } else if key == "module" {
      module = value.text
    } else if key == "source" {
      source = value.text
    } else if key == "stmt" {
      statement = value.text
    } else if key == "stmtline" {
      statementLine = value.integer()
    } else if key == "symbol" {
      symbol = value.text
    } else if key == "offset" {
      offset = value.integer()
    } else if key == "image" {
      image = value.text
    }
  }

  var python: PythonFrame? {
    guard let path, let function else { return nil }
    var excerpt = source.map { SourceExcerpt(line: $0) }
    if let statement, let statementLine {
      excerpt?.statement = .init(number: statementLine, line: statement)
    }
    return PythonFrame(
      path: path, line: line, function: function, qualifiedName: qualifiedName, module: module,
      source: excerpt)
  }

  var native: NativeFrame? {
    offset.map { NativeFrame(symbol: symbol, offset: $0, image: image) }
  }
}
