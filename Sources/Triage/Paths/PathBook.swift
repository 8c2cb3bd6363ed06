internal import Analysis

/// The paths of all inputs, by which one file is known under the names that it has in several.
///
/// Where the checkout is known, the name is the path in it. Any other path is the longest one of
/// these that it ends with.
struct PathBook {
  /// The paths of files in their checkouts, by the files' names; the longest ones first.
  private var known: [Substring: [String]] = [:]
  /// The paths whose checkout is known.
  private var rooted: Set<String> = []
  private let checkouts: SharedCheckouts

  init(_ account: [Account: Set<Sighting>]) {
    let folders = account.values.joined().compactMap(\.root).filter { !$0.isCheckout }
    checkouts = SharedCheckouts(Set(folders.map(\.path)))
    var pairs: Set<Pair> = []
    var loose: Set<String> = []
    for (item, sightings) in account {
      let paths = Set(item.spots.map(\.place.path)).filter { !PortablePath.isAbsolute($0) }
      for root in Set(sightings.map(\.root)) {
        if let root {
          let (folder, prefix) = place(of: root)
          pairs.formUnion(paths.map { Pair(path: prefix + $0, root: folder) })
        } else {
          loose.formUnion(paths)
        }
      }
    }
    add(Set(pairs.map(\.path)))
    // A run that began deeper in the checkout than others has shorter paths.
    rooted = Set(pairs.map { name(of: $0.path, inside: $0.root) })
    known = [:]
    add(rooted.union(loose))
  }

  private struct Pair: Hashable {
    var path: String
    var root: String
  }

  private mutating func add(_ paths: Set<String>) {
    for path in paths { known[PortablePath.name(path), default: []].append(path) }
    for name in known.keys {
      known[name]?.sort { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }
  }

  /// Returns the file's name in all inputs.
  ///
  /// - Parameters:
  ///   - path: As the input has it: in its checkout, or absolute.
  ///   - root: The input's checkout; nil if it isn't known.
  func name(of path: String, in root: Root?) -> String {
    guard let root, !PortablePath.isAbsolute(path) else { return name(of: path, inside: nil) }
    let (folder, prefix) = place(of: root)
    return name(of: prefix + path, inside: folder)
  }

  /// Returns the checkout that a folder lies in, or else the folder itself, and what comes in front of
  /// paths from there.
  private func place(of root: Root) -> (folder: String, prefix: String) {
    guard !root.isCheckout, let checkout = checkouts.checkout(around: root.path),
      let inside = PortablePath.relative(root.path, to: checkout)
    else { return (root.path, "") }
    return (checkout, inside + "/")
  }

  private func name(of path: String, inside root: String?) -> String {
    let candidates = known[PortablePath.name(path)] ?? []
    if PortablePath.isAbsolute(path) {
      return candidates.first { PortablePath.hasTail(path, $0) } ?? path
    }
    if let root {
      let whole = root + "/" + path
      return candidates.first {
        PortablePath.hasTail($0, path) && PortablePath.hasTail(whole, $0)
      } ?? path
    }
    if rooted.contains(path) { return path }
    let longer = candidates.filter { rooted.contains($0) && PortablePath.hasTail($0, path) }
    return longer.count == 1 ? longer[0] : path
  }
}
