import Testing
import TraceModel

@testable import Redaction

/// Which arguments are left, and what stands for the others.
struct ArgumentHiderTests {
  private static let spawn =
    "from multiprocessing.spawn import spawn_main; spawn_main(5, pipe_handle=7)"

  private func shown(_ arguments: [String], of executable: String?) -> [String] {
    Redactor(environment: [], hiding: ArgumentHider(.random()))
      .arguments(arguments, of: executable).map(\.shownArgument)
  }

  @Test(
    arguments: [
      (
        ["python", "-X", "dev", "-Wignore", "run.py", "--a", "b"],
        ["python", "-X", "dev", "-Wignore", "run.py", "…", "…"]
      ),
      (
        ["python", "-X", "abc", "-Wignore:abc", "-E", "run.py"],
        ["python", "-X", "…", "-W…", "-E", "run.py"]
      ),
      (["python", "-m", "pytest", "-x"], ["python", "-m", "pytest", "…"]),
      (["python", "-m", "no such"], ["python", "-m", "…"]),
      (["python", "-Ic", "print(1)", "a"], ["python", "-Ic", "…", "…"]),
      (["python", "-cprint(1)"], ["python", "-c…"]),
      (["python", "--abc", "run.py"], ["python", "--…", "run.py"]),
      (["python", "-zc0ffee", "run.py"], ["python", "--…", "run.py"]),
      (["python", "-"], ["python", "-"]), (["python", "-V", "a"], ["python", "-V", "…"]),
      (
        ["python", "-c", spawn, "--multiprocessing-fork", "abc"],
        ["python", "-c", spawn, "--multiprocessing-fork", "…"]
      ),
      (
        ["python", "-c", "from multiprocessing.forkserver import main; main(3, ['abc'])"],
        ["python", "-c", "from multiprocessing.forkserver import main; ..."]
      ),
    ] as [([String], [String])])
  func `an interpreter's`(arguments: [String], expected: [String]) {
    #expect(shown(arguments, of: "/usr/bin/python3.12") == expected)
  }

  @Test(arguments: [
    ("/opt/python3.12/bin...", "from multiprocessing.resource_tr..."),
    ("/opt/python3.12/bin/python3...", "from multiprocessing.spawn impor..."),
  ])
  func `a log's that are cut`(name: String, text: String) {
    let arguments = [name, "-B", "-c", text]
    #expect(shown(arguments, of: "/opt/python3.12/bin/python3.12") == arguments)
  }

  @Test func `other programs'`() {
    #expect(shown(["sh", "-c", "a"], of: "/usr/bin/dash") == ["sh", "…", "…"])
    #expect(shown(["abc", "x"], of: "/usr/bin/true") == ["…", "…"])
    #expect(shown(["abc/true"], of: "/usr/bin/true") == ["true"])
    #expect(shown(["abc/sh"], of: "/usr/bin/dash") == ["sh"])
    #expect(shown(["/bin/sh"], of: "/usr/bin/dash") == ["/bin/sh"])
    #expect(
      shown(["/d/app", "--multiprocessing-fork", "pipe_handle=5", "pin=6"], of: "/d/app")
        == ["/d/app", "--multiprocessing-fork", "pipe_handle=5", "…"])
    #expect(
      shown(["/d/app", "--multiprocessing-fork", "abc"], of: "/d/app")
        == ["/d/app", "…", "…"])
    #expect(shown(["pytest", "-x"], of: nil) == ["pytest", "…"])
  }

  @Test func `equal arguments have equal hashes, others not, with another key neither`() {
    let key = RecordingKey.random()
    func hidden(_ argument: String, _ key: RecordingKey) -> String {
      Redactor(environment: [], hiding: ArgumentHider(key, folders: ["/w"]))
        .arguments(["x", argument], of: "/bin/x")[1]
    }
    #expect(hidden("abc", key) == hidden("abc", key))
    #expect(hidden("abc", key) != hidden("abd", key))
    #expect(hidden("abc", key) != hidden("abc", .random()))
    // What changes by itself.
    func free(_ argument: String) -> String? { HiddenArgument(hidden(argument, key))?.free }
    #expect(free("--port=45123") == free("--port=45124"))
    #expect(free("--jobs=4") != free("--jobs=5"))
    #expect(free("/w/a/b.txt") == free("a/b.txt"))
    func numberless(_ argument: String) -> String? {
      HiddenArgument(hidden(argument, key))?.withoutNumbers
    }
    #expect(numberless("--jobs=4") == numberless("--jobs=5"))
    #expect(numberless("--jobs=4") != numberless("--tests=4"))
    #expect(
      free("--jobs=4").flatMap(HiddenArgument.init)?.withoutNumbers == numberless("--jobs=4"))
  }

  @Test func `a hash of the environment has a key`() {
    let digest = EnvironmentDigest(rawValue: 1)
    let key = RecordingKey.random()
    #expect(ArgumentHider(key).hidden(digest) == ArgumentHider(key).hidden(digest))
    #expect(ArgumentHider(key).hidden(digest) != ArgumentHider(.random()).hidden(digest))
    #expect(ArgumentHider(key).hidden(digest) != digest)
  }

  @Test func `how hidden arguments are shown`() {
    let hidden = (0..<3).map { HiddenArgument.text("\($0)") { UInt64($0.utf8.count) } }
    #expect(HiddenArgument.shown(["a"] + hidden) == ["a", "… (3 arguments)"])
    #expect(HiddenArgument.shown([hidden[0], "-x", hidden[1]]) == ["…", "-x", "…"])
    #expect(HiddenArgument("…") == nil)
    #expect(HiddenArgument("a… b") == nil)
    #expect(HiddenArgument("…0123456789abcdeg") == nil)
  }
}
