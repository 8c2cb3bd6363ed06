package import Input
internal import JSON
internal import Runs

extension ListedInput {
  /// Opens the input and calls `body` with its name and what it is; for an archive in an archive,
  /// once for each of its members.
  ///
  /// - Parameter limit: What it may unpack to.
  package func read(
    _ limit: UnpackLimit = UnpackLimit(), _ body: (_ name: String, InputContents) -> Void
  ) {
    do throws(InputError) {
      switch origin {
      case .unreadable(let why): body(name, .unreadable(why))
      case .stored(let file): try Self.read(file.open(), limit, name, body)
      case .archive(let file): try readMembers(of: file, limit, body)
      case .threads(let files): readThreads(files, limit, body)
      }
    } catch {
      body(name, .unreadable(error.explanation))
    }
  }

  private func readMembers(
    of file: StoredFile, _ limit: UnpackLimit, _ body: (String, InputContents) -> Void
  ) throws(InputError) {
    let archive = try ZipArchive(file.file(), limits: ZipLimits(limit))
    for member in archive.members {
      let memberName = "\(name)!\(member.name)"
      do throws(InputError) {
        try Self.read(member.open(in: archive.file), limit, memberName, body)
      } catch {
        body(memberName, .unreadable(error.explanation))
      }
    }
  }

  private func readThreads(
    _ files: [Int32: StoredFile], _ limit: UnpackLimit, _ body: (String, InputContents) -> Void
  ) {
    // One descriptor for an archive, however many threads there are.
    let archives: [String: PositionedFile]
    do throws(InputError) {
      archives = try StoredFile.archives(of: files.values)
    } catch {
      body(name, .unreadable(error.explanation))
      return
    }
    let opened = files.mapValues { ThreadFile(file: $0, archives: archives, limit: limit) }
    do throws(ReplayError) {
      body(name, .run(try Replay.open(threads: opened, named: name)))
    } catch {
      body(name, .unreadable(error.reason))
    }
  }

  private static func read(
    _ source: any ByteSource, _ limit: UnpackLimit, _ name: String,
    _ body: (String, InputContents) -> Void
  ) throws(InputError) {
    var input = try Input(source, limit)
    if UTF16Source.isBeginning(input.beginning) {
      input = try Input(UTF16Source(input, beginning: input.beginning))
    }
    switch InputKind(input.beginning) {
    case .empty: body(name, .empty)
    case .text: body(name, .text(input))
    case .foreign(let what):
      // What was read may only be what came before an error.
      try drain(input)
      body(name, .unreadable(what))
    case .run(.countTable):
      body(name, .unreadable(ReplayError.countTable(path: name).reason))
    case .run(.recording), .run(.log):
      do throws(ReplayError) {
        body(name, .run(try Replay.open(input, named: name)))
      } catch {
        body(name, .unreadable(error.reason))
      }
    case .document: readDocument(input, name, body)
    }
  }

  /// Reads on from the beginning to what follows it.
  private static func drain(_ input: Input) throws(InputError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    for _ in 0..<2 where try input.read(into: buffer) == 0 { return }
  }

  private static func readDocument(
    _ input: Input, _ name: String, _ body: (String, InputContents) -> Void
  ) {
    do throws(InputError) {
      let document = try Document(input)
      try document.withContents { body(name, $0) }
    } catch {
      body(name, .unreadable(error.explanation))
    }
  }
}

/// A file of `strace -ff`, which may be compressed.
private struct ThreadFile: OpenableFile {
  var file: StoredFile
  var archives: [String: PositionedFile]
  var limit: UnpackLimit

  func open() throws(InputError) -> any ByteSource {
    try Input.decompressed(file.open(in: archives), limit)
  }
}
