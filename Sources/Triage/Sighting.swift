/// One input that shows a fault.
package struct Sighting: Hashable, Sendable {
  /// The input's name.
  package var input: String
  /// The folder that its paths are relative to; nil if it isn't known.
  package var root: Root?
  /// When its run began, or the log's first and last stamp; nil if nothing tells it.
  package var first: Moment?
  package var last: Moment?

  package init(input: String, root: Root? = nil, first: Moment? = nil, last: Moment? = nil) {
    self.input = input
    self.root = root
    self.first = first
    self.last = last ?? first
  }
}

/// A folder that paths are relative to: absolute, without a slash at its end.
package struct Root: Hashable, Sendable {
  package var path: String
  /// Whether it is known to be the checkout, and not only a folder in it.
  package var isCheckout: Bool

  package init(_ path: String, isCheckout: Bool) {
    self.path = path
    self.isCheckout = isCheckout
  }
}
