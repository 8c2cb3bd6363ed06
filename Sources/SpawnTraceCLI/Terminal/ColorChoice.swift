internal import Bytes
internal import Glibc

/// When reports are coloured.
enum ColorChoice: String, CaseIterable {
  case auto
  case always
  case never

  /// Whether to colour on standard error.
  var isColored: Bool { isColored(on: 2) }

  /// Whether to colour on a descriptor: `auto` follows it and the environment (no-color.org,
  /// bixense.com/clicolors).
  func isColored(on descriptor: Int32) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      if Self.isSet("NO_COLOR") {
        false
      } else if Self.isSet("FORCE_COLOR") || Self.isSet("CLICOLOR_FORCE") {
        true
      } else {
        isatty(descriptor) == 1 && Self.value("TERM") != "dumb"
      }
    }
  }

  private static func isSet(_ name: String) -> Bool {
    guard let value = value(name) else { return false }
    return !value.isEmpty && value != "0"
  }

  private static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// Whether the locale can show more than ASCII (setlocale(3): LC_ALL, LC_CTYPE, LANG).
  static var isUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { value($0) }.first { !$0.isEmpty }
    let name = locale?.uppercased() ?? ""
    return name.containsBytes("UTF-8") || name.containsBytes("UTF8")
  }
}
