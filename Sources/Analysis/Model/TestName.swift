internal import Bytes
internal import Multiprocessing
internal import TraceModel

/// A test, as its runner names it.
///
/// A class, because most processes belong to none, and each record has room for one.
package final class TestName: Hashable, Sendable {
  /// The test's file, absolute; nil if `name` has it.
  private let path: String?
  private let name: String

  /// - Parameter value: The value of pytest's variable: `tests/test_x.py::T::test_a (call)`.
  init(pytest value: String) {
    path = nil
    name = value.hasSuffix(" (call)") ? String(value.dropLast(" (call)".utf8.count)) : value
  }

  /// - Parameters:
  ///   - frame: The frame of the test's function.
  ///   - directory: What the frame's path is relative to.
  init(_ frame: PythonFrame, in directory: String) {
    path = frame.path.absolutePath(in: directory)
    let name = frame.qualifiedName ?? Self.qualifiedName(frame) ?? frame.function
    self.name = name.split(separator: ".").filter { $0 != "<locals>" }.joined(separator: "::")
  }

  /// The name with that of the class, by the source: before Python 3.11 code has no `co_qualname`.
  private static func qualifiedName(_ frame: PythonFrame) -> String? {
    guard let statement = frame.source?.statement?.line, statement.hasPrefix("class ") else {
      return nil
    }
    let name = statement.dropFirst("class ".count).prefix {
      $0.isLetter || $0.isNumber || $0 == "_"
    }
    return "\(name).\(frame.function)"
  }

  /// Returns the name with the file's path as seen from a directory.
  package func text(in directory: String) -> String {
    path.map { "\($0.path(relativeTo: directory))::\(name)" } ?? name
  }

  package static func == (one: TestName, other: TestName) -> Bool {
    one.path == other.path && one.name == other.name
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
  }
}

/// Looks for a test in the frames of a stack, from the innermost one on.
struct TestSearch {
  private(set) var frame: PythonFrame?
  /// The frame farthest out so far that can be the test's function.
  private var outermost: PythonFrame?
  private var outermostTest: PythonFrame?

  /// The test is what the innermost frame of a runner has called.
  mutating func pass(_ frame: PythonFrame, isUser: Bool) {
    guard self.frame == nil else { return }
    if isUser {
      outermost = frame
      if frame.isTest { outermostTest = frame }
    } else if frame.runsTest {
      self.frame = outermostTest ?? outermost
    } else if frame.isTest, CodeOrigin(path: frame.path) == .package {
      // The tests of an installed package.
      outermostTest = frame
    }
  }
}
