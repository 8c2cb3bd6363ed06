/// A bracket, lambda or whole expression that is being read.
struct Frame {
  enum Kind {
    case statement
    /// A bracket around an expression: a tuple, a list, a dictionary, a set.
    case group
    /// A bracket behind an expression: a call.
    case call
    case index, field
    /// The brackets of a `def`, and what is before a lambda's colon.
    case parameters, lambdaParameters, lambdaBody
  }

  enum Phase {
    case value
    /// Between `for` and `in`.
    case loopTargets
    /// Behind `as`.
    case alias
    /// In parameters: where a name is expected, behind its colon, behind its equals sign.
    case parameter, annotation
  }

  /// Where a name in this frame is bound; nil if it is read.
  enum Target {
    case statement
    /// By the comprehension in the frame with this index.
    case comprehension(Int)
  }

  var kind: Kind
  var phase = Phase.value
  /// How many uses there were when it began.
  var usesStart: Int
  var target: Target?
  /// Names that only this frame knows: a comprehension's targets, a lambda's parameters.
  var local: [Int32] = []
  var isComprehension = false
  /// The uses in a comprehension's first iterable, which is read outside of it.
  var firstIterable: Range<Int>?
  var firstIterableStart: Int?
  /// In a lambda's body: each `if` that still needs its `else`.
  var conditions = 0
  /// How many uses there were when the annotation began.
  var annotationStart = 0
}
