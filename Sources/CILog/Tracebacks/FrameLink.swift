internal import Multiprocessing
internal import TraceModel

/// How well one frame can have called another, by the text of its line and by what is known of
/// multiprocessing and runpy (CPython 2.7 to 3.15).
enum FrameLink: Int, Comparable, Sendable {
  case impossible = -1
  case unknown = 0
  case possible = 1
  /// The caller's text names the callee, or nothing else is called there.
  case shown = 3

  static func < (left: FrameLink, right: FrameLink) -> Bool { left.rawValue < right.rawValue }

  init(
    _ caller: FrameTraits, _ frame: PythonFrame, _ text: String?, _ callee: FrameTraits,
    _ next: PythonFrame
  ) {
    if callee.isCommandText {
      self = Self.executesText(caller, text) ? .shown : .impossible
    } else if callee.servesCommandLine {
      // A frozen program's worker begins with its main module, which calls freeze_support().
      let isFrozen = next.function.hasSuffix("freeze_support") || caller.servesCommandLine
      self = caller.isCommandText ? .shown : isFrozen ? .possible : .impossible
    } else if caller.isCommandText {
      self = callee.isInner ? .impossible : .possible
    } else {
      let known = Self.byPart(caller, frame, callee, next)
      if known != .impossible, Self.follows(caller, frame, callee, next) {
        self = .shown
      } else {
        self = known ?? Self.byText(caller, text, callee, next)
      }
    }
  }

  /// Whether a frame executes a text, which has the same path as that of `python -c`.
  private static func executesText(_ caller: FrameTraits, _ text: String?) -> Bool {
    guard let text, caller.origin != .standardLibrary, !caller.runsModules else { return false }
    return names("exec", in: text) || names("eval", in: text)
  }

  private static func follows(
    _ caller: FrameTraits, _ frame: PythonFrame, _ callee: FrameTraits, _ next: PythonFrame
  ) -> Bool {
    guard
      caller.isOfMultiprocessing && callee.isOfMultiprocessing
        || caller.runsModules && callee.runsModules
        || caller.preparesMain && callee.isOfRunpy
    else { return false }
    return followers[frame.function]?.contains(next.function) == true
  }

  /// What the parts that both play in multiprocessing and runpy say; nil if nothing.
  private static func byPart(
    _ caller: FrameTraits, _ frame: PythonFrame, _ callee: FrameTraits, _ next: PythonFrame
  ) -> FrameLink? {
    if caller.executesModule {
      return next.isModule && !callee.isOfMultiprocessing ? .shown : .impossible
    }
    if callee.isOfRunpy {
      if caller.isOfRunpy { return .possible }
      return caller.preparesMain ? .shown : caller.isOfMultiprocessing ? .impossible : nil
    }
    if caller.isOfRunpy {
      return callee.origin == .user || callee.isOfMultiprocessing ? .impossible : .possible
    }
    if callee.preparesMain || callee.leadsToMain {
      return caller.leadsToMain || caller.servesCommandLine || caller.preparesMain
        ? .possible : .impossible
    }
    if caller.preparesMain {
      // Python 2.7 imports main itself; a frozen program's runpy has no frames.
      return next.isModule ? .possible : .impossible
    }
    if callee.refusesStart { return caller.isOfMultiprocessing ? .possible : .impossible }
    if caller.leadsToMain || caller.collectsPreparation || caller.servesCommandLine {
      return callee.isOfMultiprocessing ? .unknown : .impossible
    }
    if callee.asksForProcess, caller.isOfLauncher || caller.asksContext && !callee.asksContext {
      return .impossible
    }
    if caller.asksForProcess, !callee.asksForProcess, !callee.isOfLauncher,
      !callee.path.hasSuffix("/forking.py")
    {
      return .impossible
    }
    if callee.asksContext { return caller.asksForProcess ? .shown : .impossible }
    if callee.isOfLauncher {
      return caller.asksForProcess || caller.isOfLauncher ? .shown : .impossible
    }
    if callee.collectsPreparation, !caller.isOfMultiprocessing { return .impossible }
    if caller.isOfLauncher, !callee.isOfMultiprocessing { return .unknown }
    return nil
  }

  private static func byText(
    _ caller: FrameTraits, _ text: String?, _ callee: FrameTraits, _ next: PythonFrame
  ) -> FrameLink {
    if let text {
      if names(next.function, in: text) { return .shown }
      if next.isModule,
        ["import ", "from ", "import_module", "exec", "run"].contains(where: text.contains)
      {
        return .shown
      }
      let isUnnamed = next.function.hasPrefix("__") || next.function.hasSuffix(">")
      if isUnnamed, text.contains("(") || text.contains("[") || text.hasPrefix("with ") {
        return .possible
      }
    }
    if caller.asksForProcess, callee.origin == .user { return .impossible }
    if caller.runsModules { return next.isModule || callee.runsModules ? .shown : .possible }
    if next.isModule, callee.origin == .user, caller.isOfMultiprocessing { return .impossible }
    return .unknown
  }

  /// The functions of multiprocessing and runpy that each of theirs calls on the way to main's run
  /// and to a start.
  private static let followers: [String: Set<String>] = [
    "spawn_main": ["_main"],
    "main": ["_serve_one", "import_main_path", "_main", "prepare"],
    "_serve_one": ["_main"],
    "_main": ["prepare"],
    "prepare": ["_fixup_main_from_path", "_fixup_main_from_name"],
    "import_main_path": ["_fixup_main_from_path"],
    "_fixup_main_from_path": ["run_path"],
    "_fixup_main_from_name": ["run_module"],
    "run_path": ["_run_module_code", "_run_code"],
    "run_module": ["_run_module_code", "_run_code"],
    "_run_module_code": ["_run_code"],
    "start": ["_Popen"],
    "_Popen": ["__init__"],
    "__init__": ["_launch", "_repopulate_pool", "get_command_line", "get_preparation_data"],
    "_launch": ["get_preparation_data"],
    "get_preparation_data": ["_check_not_importing_main"],
  ]

  /// Whether a name stands in a text as a word.
  static func names(_ function: String, in text: String) -> Bool {
    var function = function[...]
    // A qualified name's last part.
    if let dot = function.lastIndex(of: ".") { function = function[function.index(after: dot)...] }
    let (name, bytes) = (function.utf8, Array(text.utf8))
    guard !name.isEmpty, bytes.count >= name.count else { return false }
    let wanted = Array(name)
    for start in 0...(bytes.count - wanted.count)
    where bytes[start] == wanted[0] && bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
      let end = start + wanted.count
      if start == 0 || !isOfName(bytes[start - 1]), end == bytes.count || !isOfName(bytes[end]) {
        return true
      }
    }
    return false
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
      true
    default: false
    }
  }
}
