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
  ///   - isFixture: Whether it is a fixture's instead.
  init(_ frame: PythonFrame, in directory: String, isFixture: Bool = false) {
    path = frame.path.absolutePath(in: directory)
    let name = frame.qualifiedName ?? Self.qualifiedName(frame) ?? frame.function
    self.name =
      name.split(separator: ".").filter { $0 != "<locals>" }.joined(separator: "::")
      + (isFixture ? " (fixture)" : "")
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

extension [PythonFrame] {
  /// The index of the test's frame that a runner's frame, at `runner`, has called: the outermost
  /// inside of it with a test's name, or else, unless a suite was called, the outermost of the
  /// user's.
  func test(by call: TestCall, at runner: Int) -> Int? {
    let inner = (0..<runner).reversed()
    func isOf(_ index: Int, _ origin: CodeOrigin) -> Bool {
      CodeOrigin(path: self[index].path) == origin
    }
    let named = inner.first { self[$0].isTest && (isOf($0, .user) || isOf($0, .package)) }
    if named != nil || call == .suite { return named }
    return inner.first { isOf($0, .user) }
  }
}
