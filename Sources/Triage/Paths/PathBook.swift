internal import Analysis

/// The paths of all inputs, by which one file is known under the names that it has in several.
///
/// Where the checkout is known, the name is the path in it. Any other path is the longest one of
/// these that it ends with.
struct PathBook {
  /// The names of files, by the last part of their paths; the longest ones first.
  private var known: [Substring: [String]] = [:]
  /// The names of files in checkouts that are known.
  private var sure: Set<String> = []
  /// The names of files whose run tells a folder.
  private var rooted: Set<String> = []
  /// The folders from which a file is seen under a name, if they may not be the checkout.
  private var folders: [String: Set<String>] = [:]
  /// The names of files whose checkout lies somewhere in a host's folder.
  private var names: [Pair: String] = [:]
  private let checkouts: SharedCheckouts

  init(_ account: [Account: Set<Sighting>]) {
    let unsure = account.values.joined().compactMap(\.root).filter { $0.kind == .directory }
    checkouts = SharedCheckouts(Set(unsure.map(\.path)))
    var pairs: Set<Pair> = []
    var loose: Set<String> = []
    for (item, sightings) in account {
      let paths = Set(item.spots.map(\.place.path)).filter { !PortablePath.isAbsolute($0) }
      for root in Set(sightings.map(\.root)) {
        if let root {
          let (folder, prefix) = place(of: root)
          pairs.formUnion(
            paths.map { Pair(path: prefix + $0, root: folder, kind: root.kind) })
        } else {
          loose.formUnion(paths)
        }
      }
    }
    sure = Set(pairs.filter { $0.kind == .checkout }.map(\.path))
    for pair in pairs where pair.kind == .directory {
      folders[pair.path, default: []].insert(pair.root)
    }
    add(Set(pairs.filter { $0.kind != .host }.map(\.path)))
    // A run that began deeper in the checkout than others has shorter paths.
    rooted = Set(
      pairs.filter { $0.kind != .host }.map {
        $0.kind == .checkout ? $0.path : name(of: $0.path, inside: $0.root)
      })
    known = [:]
    add(rooted)
    addHosts(pairs.filter { $0.kind == .host })
    known = [:]
    add(rooted.union(loose))
  }

  private struct Pair: Hashable {
    var path: String
    var root: String
    var kind: Root.Kind
  }

  /// A host's folder around the checkout gives longer paths, unless others know the file, or another
  /// folder of a host's gives a shorter one.
  private mutating func addHosts(_ pairs: Set<Pair>) {
    var hosts: [String: Set<String>] = [:]
    let ordered = pairs.sorted {
      ($0.path.utf8.count, $0.path, $0.root) < ($1.path.utf8.count, $1.path, $1.root)
    }
    for pair in ordered {
      let whole = pair.root + "/" + pair.path
      let name = candidates(pair.path).first { name in
        PortablePath.hasTail(whole, name)
          && (name == pair.path || hosts[name]?.contains(pair.root) != true)
      }
      if let name {
        hosts[name, default: []].insert(pair.root)
      } else {
        hosts[pair.path, default: []].insert(pair.root)
        rooted.insert(pair.path)
        add([pair.path])
      }
      names[pair] = name ?? pair.path
    }
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
    if PortablePath.isAbsolute(path) {
      return candidates(path).first { PortablePath.hasTail(path, $0) } ?? path
    }
    guard let root else { return name(ofLoose: path) }
    if root.isCheckout { return path }
    if root.kind == .host { return names[Pair(path: path, root: root.path, kind: .host)] ?? path }
    let (folder, prefix) = place(of: root)
    return name(of: prefix + path, inside: folder)
  }

  private func candidates(_ path: String) -> [String] { known[PortablePath.name(path)] ?? [] }

  /// Returns the checkout that a folder lies in, or else the folder itself, and what comes in front of
  /// paths from there.
  private func place(of root: Root) -> (folder: String, prefix: String) {
    guard root.kind == .directory, let checkout = checkouts.checkout(around: root.path),
      let inside = PortablePath.relative(root.path, to: checkout)
    else { return (root.path, "") }
    return (checkout, inside + "/")
  }

  /// The name of a file whose folder may not be the checkout: the folder may lie in it, or around it.
  private func name(of path: String, inside folder: String) -> String {
    let whole = folder + "/" + path
    let candidates = candidates(path).filter { PortablePath.hasTail(whole, $0) }
    if let name = candidates.first(where: { sure.contains($0) }) { return name }
    if let name = candidates.first(where: { PortablePath.hasTail($0, path) && $0 != path }) {
      return name
    }
    return onlyLongerName(of: path, seenFrom: folder) ?? path
  }

  /// The one longer name that a file of this name has in another checkout: a run began further out
  /// there. nil if there are several, or if that run's folder is around this one, too: its name would
  /// be another one then.
  private func onlyLongerName(of path: String, seenFrom folder: String) -> String? {
    guard let here = folders[path] else { return nil }
    let longer = candidates(path).filter { name in
      name != path && PortablePath.hasTail(name, path)
        && here.contains { PortablePath.hasTail($0 + "/" + path, name) }
    }
    guard longer.count == 1, let name = longer.first else { return nil }
    let isAround = (folders[name] ?? []).contains { (folder + "/").hasPrefix($0 + "/") }
    return isAround ? nil : name
  }

  private func name(ofLoose path: String) -> String {
    if rooted.contains(path) { return path }
    let longer = candidates(path).filter {
      rooted.contains($0) && PortablePath.hasTail($0, path)
    }
    return longer.count == 1 ? longer[0] : path
  }
}
