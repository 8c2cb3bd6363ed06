internal import CILog

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
  package enum Kind: String, Hashable, Sendable {
    /// The checkout.
    case checkout
    /// The folder in which the run began, which may lie in the checkout or around it.
    case directory
    /// A folder around the checkout, which a CI host's habits tell.
    case host
  }

  package var path: String
  package var kind: Kind

  package init(_ path: String, _ kind: Kind) {
    self.path = path
    self.kind = kind
  }

  /// The checkout that a host keeps there, or a folder around it.
  init(_ folder: CheckoutFolder) {
    self.init(folder.path, folder.isDepthKnown ? .checkout : .host)
  }

  package var isCheckout: Bool { kind == .checkout }
}
