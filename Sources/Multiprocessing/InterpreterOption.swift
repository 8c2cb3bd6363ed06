internal import Bytes

/// The values of the interpreter's options `-W` and `-X`.
enum InterpreterOption {
  static func isHarmless(_ value: String, of letter: Character) -> Bool {
    switch letter {
    case "W": isFilter(value)
    case "X": isImplementationOption(value)
    default: ["old", "new", "warn", "warnall"].contains(value)
    }
  }

  /// `action:message:category:module:line` without a message.
  private static func isFilter(_ value: String) -> Bool {
    let fields = value.split(separator: ":", omittingEmptySubsequences: false)
    guard let action = fields.first, actions.contains(where: { $0.hasPrefix(action) }) else {
      return false
    }
    return fields.count == 1
      || fields[1].isEmpty && fields.dropFirst(2).allSatisfy { $0.isEmpty || $0.isDottedName }
  }

  private static let actions = ["default", "error", "always", "module", "once", "ignore", "all"]

  private static func isImplementationOption(_ value: String) -> Bool {
    let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, names.contains(String(name)) else { return false }
    return parts.count == 1 || ["on", "off", "default"].contains(parts[1])
      || parts[1].utf8.count <= 10 && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// `python -X` of CPython 3.15 and before (Python/initconfig.c, `usage_xoptions`).
  private static let names: Set<String> = [
    "context_aware_warnings", "cpu_count", "dev", "disable-remote-debug", "faulthandler",
    "frozen_modules", "gil", "importtime", "int_max_str_digits", "no_debug_ranges", "oldparser",
    "pathconfig_warnings", "perf", "perf_jit", "presite", "pycache_prefix", "showalloccount",
    "showrefcount", "thread_inherit_context", "tlbc", "tracemalloc", "utf8",
    "warn_default_encoding",
  ]
}
