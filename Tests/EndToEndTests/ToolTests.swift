import Foundation
import TestSupport
import Testing

/// tools/setup, tools/build and tools/spawntrace, with a `swift` that builds nothing.
struct ToolTests {
  private let checkout: ScratchFolder

  /// Builds as a linker does: for a while the file is executable, but not complete.
  private static let swift = """
    #!/bin/sh
    case "$1 $2" in
    --version*) echo "Swift version ${FAKE_VERSION:-6.3.1} (swift-RELEASE)"; exit ;;
    "build --version") exit ;;
    esac
    echo built >> "$FAKE_CHECKOUT/builds"
    binary=$FAKE_CHECKOUT/.build/release/spawntrace
    mkdir -p "${binary%/*}"
    printf '#!/bin/sh\\n' > "$binary.half"
    chmod +x "$binary.half"
    mv "$binary.half" "$binary"
    if [ -n "$FAKE_GATE" ]; then
      echo > "$FAKE_GATE/begun"
      read go < "$FAKE_GATE/go"
    fi
    echo 'echo "ran $*"; cat; exit 3' >> "$binary"
    [ -z "$FAKE_FAILS" ] || { echo 'error: it is broken'; exit 1; }

    """

  init() throws {
    checkout = try ScratchFolder()
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    for name in ["setup", "build", "spawntrace"] {
      let text = try String(contentsOfFile: "\(root)/tools/\(name)", encoding: .utf8)
      try checkout.write("tools/" + name, text, isExecutable: true)
    }
    try checkout.write("bin/swift", Self.swift, isExecutable: true)
    try checkout.write("Package.swift", "")
    try checkout.write("Sources/main.swift", "")
  }

  private var environment: [String: String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return ["PATH": checkout.path + "/bin:" + path, "FAKE_CHECKOUT": checkout.path]
  }

  private func run(_ script: String, _ more: [String: String] = [:]) throws -> Outcome {
    try ChildProcess.run(
      ["bash", "-c", script], in: checkout.path,
      environment: environment.merging(more) { _, new in new }, input: "input\n")
  }

  private var builds: Int {
    checkout.read("builds")?.split(separator: "\n").count ?? 0
  }

  @Test func `it builds once, and passes on arguments, input, output and status`() throws {
    let progress = "spawntrace: building a release, which takes some minutes the first time\n"
    for expected in [progress, ""] {
      let outcome = try run("tools/spawntrace run --json 'a b' -- x")
      #expect(outcome.ending == "status 3")
      #expect(outcome.standardOutput == "ran run --json a b -- x\ninput\n")
      #expect(outcome.standardError == expected)
    }
    #expect(builds == 1)
  }

  @Test func `it runs from any folder and through links`() throws {
    let outcome = try run("ln -s tools/spawntrace one; ln -s $PWD/one two; cd /; $OLDPWD/two x")
    #expect(outcome.standardOutput == "ran x\ninput\n")
  }

  @Test(arguments: [
    "echo 1 > Sources/main.swift", "echo > Sources/new.swift", "rm Sources/main.swift",
    "echo 1 > Package.swift",
  ])
  func `a source that is edited, added or removed is built again`(change: String) throws {
    // The first build and its sources become old: the change is newer on any file system.
    let age = "find .build/release-built Package.swift Sources -exec touch -d '1 hour ago' {} +"
    _ = try run("tools/spawntrace; \(age); tools/spawntrace")
    #expect(builds == 1)
    _ = try run("\(change); tools/spawntrace")
    #expect(builds == 2)
  }

  @Test func `a failed build ends with 125 and the reason, and is tried again`() throws {
    let outcome = try run("tools/spawntrace", ["FAKE_FAILS": "1"])
    #expect(outcome.ending == "status 125" && outcome.standardOutput.isEmpty)
    #expect(outcome.standardError.hasSuffix("error: it is broken\nspawntrace: the build failed\n"))
    #expect(try run("tools/spawntrace").ending == "status 3")
  }

  @Test func `a second one waits for the first build, and doesn't run an unfinished file`() throws {
    let outcome = try run(
      """
      mkfifo gate.begun gate.go; mkdir gate; mv gate.begun gate/begun; mv gate.go gate/go
      FAKE_GATE=$PWD/gate tools/spawntrace first </dev/null & first=$!
      read begun < gate/begun
      tools/spawntrace second </dev/null & second=$!
      # Until the second one waits for the lock (proc_locks(5)), or has run what it should not have.
      lock=$(stat -c %i .build/build-lock)
      until grep -qE -- "-> FLOCK .*:$lock " /proc/locks || ! kill -0 $second 2>&-; do sleep 0.01; done
      echo > gate/go
      wait $first; echo $?
      wait $second; echo $?
      """)
    let lines = outcome.standardOutput.split(separator: "\n").sorted()
    #expect(lines == ["3", "3", "ran first", "ran second"])
    #expect(builds == 1)
  }

  @Test func `a source that is edited during a build is built after it`() throws {
    _ = try run(
      """
      mkdir gate; mkfifo gate/begun gate/go
      FAKE_GATE=$PWD/gate tools/spawntrace </dev/null & first=$!
      read begun < gate/begun
      # Newer than the build's beginning on any file system.
      echo 1 > Sources/main.swift; touch -d '1 hour' Sources/main.swift
      echo > gate/go
      wait $first
      tools/spawntrace </dev/null
      """)
    #expect(builds == 2)
  }

  @Test func `an old or a missing Swift is an error that says where to get it`() throws {
    let old = try run("tools/spawntrace", ["FAKE_VERSION": "6.2"])
    #expect(old.ending == "status 125" && old.standardError.contains("Swift 6.2 is too old"))
    let none = try run("rm bin/swift; tools/spawntrace", ["PATH": "/usr/bin:/bin"])
    #expect(none.ending == "status 125" && none.standardError.contains("Swift is missing"))
    for outcome in [old, none] {
      #expect(outcome.standardError.contains("https://www.swift.org/install"))
      #expect(outcome.standardError.split(separator: "\n").count == 1)
    }
    #expect(builds == 0)
  }

  @Test(arguments: [true, false])
  func `without dpkg the compiler finds the headers, or an error says what to install`(
    hasHeaders: Bool
  ) throws {
    let outcome = try run(
      """
      mkdir other
      for tool in bash cat cc dirname flock git head mkdir readlink sed sort touch; do
        ln -s "$(command -v $tool)" other/
      done
      ln -s "$(command -v \(hasHeaders ? "c++" : "false"))" other/c++
      ln -s ../bin/swift other/
      PATH=$PWD/other tools/setup
      """)
    #expect(outcome.ending == "status \(hasHeaders ? 0 : 125)", "\(outcome.standardError)")
    #expect(outcome.standardError.isEmpty == hasHeaders)
    if !hasHeaders {
      #expect(outcome.standardError.contains("this isn't Debian or Ubuntu; please install a C and"))
    }
  }

  @Test(.root("only root becomes another user"))
  func `without root, missing packages give the command that installs them`() throws {
    // Nothing is installed.
    try checkout.write("bin/dpkg-query", "#!/bin/sh\nexit 1\n", isExecutable: true)
    let outcome = try run("chmod -R a+rwX .; setpriv --reuid=65534 --clear-groups tools/spawntrace")
    #expect(outcome.ending == "status 125")
    #expect(
      outcome.standardError.hasPrefix(
        "spawntrace: missing packages; please run: sudo apt-get install libunwind-dev liblzma-dev ")
    )
    #expect(outcome.standardError.split(separator: "\n").count == 1)
    #expect(builds == 0)
  }
}
