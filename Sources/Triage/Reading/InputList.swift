internal import Bytes
package import Input
internal import Runs
internal import TraceModel

/// Finds the inputs that paths lead to.
///
/// Folders are walked, each in the order of its names' bytes. Links inside of folders are no
/// inputs: they are loops, lead nowhere, or are second names. Nothing but regular files is opened.
package struct InputList {
  private var entries: [ListedEntry] = []
  private var names: Set<String> = []
  private let limits: ZipLimits
  private let directory: String

  private init(_ limits: ZipLimits) {
    self.limits = limits
    directory = Folder.current ?? "/"
  }

  /// Returns the inputs, each name once.
  ///
  /// - Parameter paths: Of files and folders, as the user gave them.
  package static func inputs(
    at paths: [String], limits: ZipLimits = ZipLimits()
  ) -> [ListedInput] {
    var list = InputList(limits)
    for path in paths { list.add(path) }
    return ThreadFileGroups.grouped(list.entries)
  }

  private mutating func add(_ given: String) {
    let path = Self.plain(given)
    if path == "-" {
      add(ListedEntry("-", .stored(.pipe(path: "-")), folder: nil, false))
      return
    }
    do throws(InputError) {
      switch try PathKind(path: path, followingLinks: true) {
      case .folder(let device, let inode):
        walk(path, inside: [PathKind.folder(device: device, inode: inode)])
      case .fifo: add(ListedEntry(path, .stored(.pipe(path: path)), folder: nil, false))
      case let kind: add(path, kind, inFolder: nil)
      }
    } catch {
      addUnreadable(path, error.explanation, inFolder: nil)
    }
  }

  private static func plain(_ path: String) -> String {
    var kept = Substring(path)
    while kept.utf8.count > 1, kept.hasSuffix("/") { kept.removeLast() }
    // `./logs` is `logs`.
    while kept.hasPrefix("./"), kept.utf8.count > 2 { kept = kept.dropFirst(2).drop { $0 == "/" } }
    return String(kept)
  }

  /// Walks a folder and the folders in it.
  ///
  /// - Parameter outer: The folder and those around it. A folder can be mounted in itself.
  private mutating func walk(_ root: String, inside outer: Set<PathKind>) {
    // A stack, because folders can lie deeper than calls may.
    var pending = [(path: root, outer: outer)]
    while let (folder, outer) = pending.popLast() {
      let children: [String]
      do throws(InputError) {
        children = try Folder.names(in: folder)
      } catch {
        addUnreadable(folder, "the folder can't be read: \(error.explanation)", inFolder: nil)
        continue
      }
      var inner: [(path: String, outer: Set<PathKind>)] = []
      for name in children {
        let path =
          switch folder {
          case "/": "/" + name
          // `./log` is `log`.
          case ".": name
          default: folder + "/" + name
          }
        do throws(InputError) {
          let kind = try PathKind(path: path, followingLinks: false)
          if case .folder = kind {
            if !outer.contains(kind) { inner.append((path, outer.union([kind]))) }
          } else {
            add(path, kind, inFolder: folder)
          }
        } catch {
          addUnreadable(path, error.explanation, inFolder: folder)
        }
      }
      pending += inner.reversed()
    }
  }

  private mutating func add(_ path: String, _ kind: PathKind, inFolder folder: String?) {
    switch kind {
    case .file: addFile(path, inFolder: folder)
    case .link, .folder: break
    case .fifo: addUnreadable(path, "it is a FIFO", inFolder: folder)
    case .special(let what): addUnreadable(path, "it is \(what)", inFolder: folder)
    }
  }

  private mutating func addFile(_ path: String, inFolder folder: String?) {
    do throws(InputError) {
      let file = try PositionedFile(path: path)
      if ZipArchive.isBeginning(try file.bytes(at: 0, count: 4)) {
        let archive = try ListedArchive(file, path: path, limits: limits)
        for entry in archive.entries(named: path) { add(entry) }
      } else {
        let isCompressed = try isCompressed(file)
        add(ListedEntry(path, .stored(.file(path: path)), folder: folder, isCompressed))
      }
    } catch {
      addUnreadable(path, error.explanation, inFolder: folder)
    }
  }

  private func isCompressed(_ file: PositionedFile) throws(InputError) -> Bool {
    Compression(try file.bytes(at: 0, count: Compression.length)) != nil
  }

  private mutating func addUnreadable(_ path: String, _ why: String, inFolder folder: String?) {
    add(ListedEntry(path, .unreadable(why), folder: folder, false))
  }

  private mutating func add(_ entry: ListedEntry) {
    // One file may be named in several ways.
    let name = entry.input.name.absolutePath(in: directory)
    guard names.insert(name).inserted else { return }
    entries.append(entry)
  }
}
