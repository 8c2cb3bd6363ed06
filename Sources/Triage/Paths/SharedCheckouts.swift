/// The checkouts that several runs share, found by the folders in which the runs began.
///
/// A run tells the folder in which it began, which may lie anywhere in its checkout. `/a/cart` and
/// `/b/cart` end alike: two checkouts, `/a` and `/b`, have a folder `cart`. That matters if runs began
/// in several folders of one of them, such as `/a/stock`: then the folders tell files of one name
/// apart.
struct SharedCheckouts {
  private var checkouts: Set<String> = []

  /// - Parameter folders: Absolute, without a slash at the end.
  init(_ folders: Set<String>) {
    let paths = folders.map { $0.split(separator: "/", omittingEmptySubsequences: false) }
    var ends: [[Substring]: Int] = [:]
    for path in paths {
      for length in 1..<max(2, path.count) { ends[Array(path.suffix(length)), default: 0] += 1 }
    }
    var candidates: Set<String> = []
    for path in paths {
      let shared = (1..<max(2, path.count)).last { ends[Array(path.suffix($0)), default: 0] > 1 }
      if let shared { candidates.insert(path.dropLast(shared).joined(separator: "/")) }
    }
    var members: [String: Int] = [:]
    for path in paths {
      if let checkout = Self.around(path, in: candidates) { members[checkout, default: 0] += 1 }
    }
    checkouts = Set(members.filter { $0.value > 1 }.keys)
  }

  /// Returns the checkout that a folder lies in; nil if it lies in none.
  func checkout(around folder: String) -> String? {
    guard !checkouts.isEmpty else { return nil }
    return Self.around(
      folder.split(separator: "/", omittingEmptySubsequences: false), in: checkouts)
  }

  private static func around(_ path: [Substring], in checkouts: Set<String>) -> String? {
    (1..<max(2, path.count)).lazy.map { path.dropLast($0).joined(separator: "/") }
      .first { !$0.isEmpty && checkouts.contains($0) }
  }
}
