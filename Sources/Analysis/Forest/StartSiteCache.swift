internal import TraceModel

/// The last stacks whose start site was looked for: a recording has each stack once, and thousands
/// of starts name it.
struct StartSiteCache: Sendable {
  private struct Known: Sendable {
    let stack: PythonCallStack
    let directory: String
    let script: String?
    let site: StartSite
  }

  private var known: [Known] = []
  private static let limit = 8

  /// Returns the place where a process is asked for.
  mutating func site(
    _ stack: PythonCallStack, in directory: String, script: String?
  ) -> StartSite {
    let address = Self.address(of: stack)
    // The frames are kept here, so no other array can be at their address.
    let hit = known.first { other in
      Self.address(of: other.stack) == address && other.stack.frames.count == stack.frames.count
        && other.directory == directory && other.script == script
    }
    if let hit { return hit.site }
    let site = StartSite(stack, in: directory, script: script)
    if known.count == Self.limit { known.removeFirst() }
    known.append(Known(stack: stack, directory: directory, script: script, site: site))
    return site
  }

  private static func address(of stack: PythonCallStack) -> UnsafePointer<PythonFrame>? {
    stack.frames.withUnsafeBufferPointer { $0.baseAddress }
  }
}
