internal import Foundation

/// The Python with the modules from PyPI that tests need; `tools/setup tests` installs it.
package enum TestPython {
  package static let path: String = root + "/.build/test-python/bin/python"

  /// This checkout.
  package static let root: String =
    URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
