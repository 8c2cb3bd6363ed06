/// A text that the traced program is to see in the place of a file's own. The file stays as it is.
package struct Overlay: Hashable, Sendable {
  /// Absolute.
  package var path: String
  package var text: [UInt8]

  package init(path: String, text: [UInt8]) {
    self.path = path
    self.text = text
  }
}
