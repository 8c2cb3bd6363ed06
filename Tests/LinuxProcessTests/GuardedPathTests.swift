import Glibc
import LinuxProcess
import SystemPackage
import TestSupport
import Testing

/// Files to be written are opened on ways that other users can't have prepared.
struct GuardedPathTests {
  private static let isRoot = geteuid() == 0
  private static let other: uid_t = 1

  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write("kept", "kept\n")
  }

  /// Opens a file as outputs are opened, and returns the obstacle; nil if there was none.
  private func obstacle(_ name: String) -> OutputObstacle? {
    let path = name.utf8.first == UInt8(ascii: "/") ? name : folder.file(name)
    do throws(OutputObstacle) {
      let file = try GuardedPath.open(path, O_WRONLY | O_APPEND, makesFiles: true)
      #expect(write(file.rawValue, "new\n", 4) == 4)
      return nil
    } catch {
      return error
    }
  }

  private func give(_ name: String, to user: uid_t = Self.other) {
    #expect(lchown(folder.file(name), user, user) == 0)
  }

  @Test func `a new file is its user's alone, and folders around it are made`() throws {
    #expect(obstacle("a/b/new") == nil)
    let status = try #require(FileStatus(path: folder.file("a/b/new")))
    #expect(status.permissions == 0o600 && folder.read("a/b/new") == "new\n")
  }

  @Test func `a file that is there keeps its mode and its text`() throws {
    chmod(folder.file("kept"), 0o664)
    #expect(obstacle("kept") == nil)
    #expect(FileStatus(path: folder.file("kept"))?.permissions == 0o664)
    #expect(folder.read("kept") == "kept\nnew\n")
  }

  @Test(arguments: [
    ("link", "kept", "kept"),
    ("link", "absent", "absent"),
    ("inner/link", "../kept", "kept"),
    ("link/file", "inner", "inner/file"),
    ("link/file", "inner/made", "inner/made/file"),
    ("link", "./inner//../kept", "kept"),
    ("link", "inner/\u{301}b", "inner/\u{301}b"),
  ])
  func `own links are followed`(path: String, target: String, file: String) throws {
    mkdir(folder.file("inner"), 0o755)
    if target == "inner/made" { mkdir(folder.file(target), 0o755) }
    let link = path.hasPrefix("inner/") ? "inner/link" : "link"
    symlink(target, folder.file(link))
    #expect(obstacle(path) == nil)
    #expect(folder.read(file)?.hasSuffix("new\n") == true)
  }

  @Test func `an absolute link is followed, and a circle of links isn't`() throws {
    symlink(folder.file("kept"), folder.file("link"))
    #expect(obstacle("link") == nil)
    symlink("two", folder.file("one"))
    symlink("one", folder.file("two"))
    #expect(obstacle("one") == .system(.tooManySymbolicLinkLevels))
    #expect(obstacle("one/x") == .system(.tooManySymbolicLinkLevels))
  }

  @Test(
    arguments: [
      ("kept/x", .system(.notDirectory)), ("inner", .system(.isDirectory)),
      ("inner/", .system(.isDirectory)), ("inner/..", .system(.isDirectory)),
      ("/", .system(.isDirectory)), ("/proc/nowhere/x", .system(.noSuchFileOrDirectory)),
    ] as [(String, OutputObstacle)])
  func `what can't be written is an error`(path: String, expected: OutputObstacle) {
    mkdir(folder.file("inner"), 0o755)
    #expect(obstacle(path) == expected)
  }

  @Test func `open files, pipes and devices are outputs`() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let file = open(folder.file("kept"), O_RDWR)
    defer { for descriptor in ends + [file] { close(descriptor) } }
    #expect(obstacle("/dev/fd/\(ends[1])") == nil)
    #expect(obstacle("/proc/self/fd/\(ends[1])") == nil)
    #expect(obstacle("/dev/fd/\(file)") == nil)
    #expect(obstacle("/dev/null") == nil)
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(ends[0], &bytes, 16) == 8)
    #expect(folder.read("kept") == "kept\nnew\n")
    symlink("/dev/fd/\(file)", folder.file("link"))
    #expect(obstacle("link") == nil)
  }

  @Test(.enabled(if: isRoot, "only root can make a link of another user"))
  func `a link of another user is followed nowhere`() {
    mkdir(folder.file("inner"), 0o755)
    symlink("kept", folder.file("link"))
    symlink("inner", folder.file("way"))
    symlink("link", folder.file("own"))
    give("link")
    give("way")
    #expect(obstacle("link") == .foreignLink(path: "link"))
    #expect(obstacle("own") == .foreignLink(path: "link"))
    #expect(obstacle("way/new") == .foreignLink(path: "way"))
    #expect(obstacle("inner/../way/new") == .foreignLink(path: "way"))
    #expect(folder.read("kept") == "kept\n" && folder.read("inner/new") == nil)
  }

  @Test(.enabled(if: isRoot, "only root can make a file of another user"))
  func `a file of another user is written to, but not where everyone makes files`() {
    give("kept")
    #expect(obstacle("kept") == nil)
    chmod(folder.path, 0o1777)
    #expect(obstacle("kept") == .foreignFile)
    mkfifo(folder.file("fifo"), 0o666)
    give("fifo")
    #expect(obstacle("fifo") == .foreignFile)
    // Each user's own files stay.
    #expect(obstacle("new") == nil && obstacle("new") == nil)
  }

  @Test func `a second name is refused where others can make names`() {
    link(folder.file("kept"), folder.file("other"))
    #expect(obstacle("other") == nil)
    chmod(folder.path, 0o777)
    #expect(obstacle("other") == .secondName)
    #expect(folder.read("kept") == "kept\nnew\n")
  }
}
