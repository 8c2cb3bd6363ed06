internal import TraceModel

/// A place in the source as it is the same in other checkouts, versions of the file and Pythons.
package struct FaultPlace: Hashable, Sendable {
  /// In the checkout, with slashes.
  package var path: String
  /// Without the classes and functions around it: before Python 3.11 no frame tells these.
  package var function: String
  /// The text with its white space folded; nil if it isn't known.
  package var text: String?

  package init(path: String, function: String, text: String?) {
    self.path = path
    self.function = Self.name(of: function)
    self.text = text.map(Self.folded)
  }

  /// The place as seen from `directory`.
  package init(_ location: SourceLocation, in directory: String) {
    self.init(
      path: location.path.path(relativeTo: directory), function: location.function,
      text: location.source?.line)
  }

  private static func folded(_ text: String) -> String {
    text.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
  }

  /// The last part of a qualified name: `test` of `Suite.test`, `work` of `run.<locals>.work`.
  private static func name(of function: String) -> String {
    function.lastIndex(of: ".").map { String(function[function.index(after: $0)...]) } ?? function
  }
}
