internal import Foundation

/// The Python with the modules from PyPI that tests ask for: tools/setup tests makes it.
package enum TestPython {
  package static let path: String = root + "/.build/test-python/bin/python"

  /// This checkout.
  package static let root: String =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
