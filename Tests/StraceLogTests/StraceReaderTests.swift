import Bytes
import Testing
import TraceModel

@testable import StraceLog

struct StraceReaderTests {
  private static let python =
    #"10 execve("/usr/bin/python3", ["python3", "/w/main.py"], 0x7ffe /* 3 vars */) = 0"# + "\n"
  private static let launch = [
    "10 launch by none", "10 exec /usr/bin/python3 /w/main.py script /w/main.py",
  ]

  /// The events of the lines behind the start of a script.
  private func said(_ lines: String) -> [String] {
    Array(StraceText(Self.python + lines + "\n").said.dropFirst(2))
  }

  // MARK: Processes

  @Test(arguments: [
    ("fork() = 11", "fork"), ("vfork() = 11", "vfork"),
    ("clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f) = 11", "fork"),
    ("clone(child_stack=0x7f, flags=CLONE_VM|CLONE_VFORK|SIGCHLD) = 11", "vfork"),
    ("clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f}, 88) = 11", "vfork"),
    ("clone(child_stack=0x7f, flags=CLONE_VM) = 11", "clone"),
    ("fork() = 3 /* 11 in strace's PID NS */", "fork"),
    ("fork() = 11<python3>", "fork"), ("fork() = 11 <0.000042>", "fork"),
  ])
  func `children have their parents`(call: String, start: String) {
    #expect(said("10 \(call)") == ["11 \(start) by 10"])
  }

  @Test func `a child's lines may come before its creator's result`() {
    #expect(
      said(
        """
        10 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
        11 exit_group(7)           = ?
        10 <... clone resumed>, child_tidptr=0x7f) = 11
        11 +++ exited with 7 +++
        """) == ["11 fork by 10", "11 status(7)"])
  }

  @Test func `threads aren't processes`() {
    #expect(
      said(
        """
        10 clone3({flags=CLONE_VM|CLONE_THREAD|CLONE_SIGHAND} => {parent_tid=[11]}, 88) = 11
        11 fork()                  = 12
        11 exit(0)                 = ?
        11 +++ exited with 0 +++
        10 +++ exited with 1 +++
        """) == ["12 fork by 10", "10 status(1)"])
  }

  @Test func `a thread that executes becomes the process`() {
    #expect(
      said(
        """
        10 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 11
        11 execve("/bin/sh", ["sh", "-c", "true"], 0x7ffe /* 3 vars */ <unfinished ...>
        10 +++ superseded by execve in pid 11 +++
        10 <... execve resumed>)   = 0
        10 exit_group(0)           = ?
        """) == ["10 exec /bin/sh -c true", "10 status(0)"])
  }

  /// strace writes so if no other line has come in between.
  @Test func `a thread's execution may go on under the leader's number at once`() {
    #expect(
      said(
        """
        10 execve("/bin/sh", ["sh", "-c", "<pid changed to 3 ...>"], 0x7ffe /* 3 vars */) = 0
        10 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 11
        11 execve("/bin/sh", ["sh", "-c", "true"], 0x7ffe /* 3 vars */ <pid changed to 10 ...>
        10 +++ superseded by execve in pid 11 +++
        10 <... execve resumed>)   = 0
        10 exit_group(0)           = ?
        """) == [
          "10 exec /bin/sh -c <pid changed to 3 ...>", "10 exec /bin/sh -c true",
          "10 status(0)",
        ])
  }

  @Test func `a failed call isn't an execution`() {
    #expect(
      said(
        """
        10 execve("/a/python3", ["python3"], 0x7ffe) = -1 ENOENT (No such file or directory)
        10 execve("/b/python3", ["python3"], 0x7ffe) = -1 ENOENT (Datei oder Verzeichnis nicht gefunden)
        10 execve("/c/python3", ["python3"], 0x7ffe) = -1 EACCES (Keine Berechtigung) <0.000011>
        10 fork() = -1 EAGAIN (Resource temporarily unavailable)
        10 fork() = ? ERESTARTNOINTR (To be restarted)
        """) == [])
  }

  @Test func `nothing comes of threads that have ended`() {
    #expect(
      said(
        """
        10 fork()                  = 11
        11 exit_group(0 <unfinished ...>
        10 fork( <unfinished ...>
        11 <... exit_group resumed>) = ?
        11 +++ exited with 0 +++
        10 <... fork resumed>)     = 12
        """) == ["11 fork by 10", "11 status(0)", "12 fork by 10"])
  }

  @Test func `numbers are used again`() {
    #expect(
      said(
        """
        10 fork()                  = 11
        11 +++ exited with 0 +++
        10 fork()                  = 11
        11 +++ killed by SIGSEGV (core dumped) +++
        """) == [
          "11 fork by 10", "11 status(0)", "11 fork by 10", "11 signal(11)",
        ])
  }

  @Test func `a process of unknown origin is reported`() {
    let read = StraceText(Self.python + "77 exit_group(0) = ?\n")
    #expect(read.said.dropFirst(2) == ["77 unseen by none", "77 status(0)"])
    #expect(read.limitations.contains(.unknownParents))
  }

  // MARK: Programs

  /// The kernel runs the interpreter that the script's first line names, and no line shows it.
  @Test func `a script with an interpreter is recognised by what it reads`() {
    let script = #"10 execve("/v/bin/pytest", ["pytest", "-q"], 0x7ffe /* 3 vars */) = 0"# + "\n"
    let read = StraceText(
      script + """
        10 openat(AT_FDCWD, "/usr/lib/python3.12/encodings/__pycache__/__init__.cpython-312.pyc", O_RDONLY|O_CLOEXEC) = 3
        10 openat(AT_FDCWD, "/v/bin/pytest", O_RDONLY|O_CLOEXEC) = 3
        10 exit_group(0) = ?

        """)
    #expect(
      read.said == [
        "10 launch by none", "10 exec python3.12 /v/bin/pytest -q script /v/bin/pytest",
        "10 open /v/bin/pytest", "10 status(0)",
      ])
    // Others are sent unchanged, at the latest when they end or the log does.
    for end in ["", "10 exit_group(0) = ?\n"] {
      #expect(StraceText(script + end).said.prefix(2).last == "10 exec /v/bin/pytest -q")
    }
  }

  @Test func `relative names have their folder if it is known`() {
    let call = #"execve("./python3", ["python3", "x/../main.py"], 0x7ffe /* 3 vars */) = 0"#
    #expect(
      StraceText("10 \(call)\n").said.last == "10 exec python3 x/../main.py script x/../main.py")
    let chdir = """
      10 execve("/bin/env", ["env"], 0x7ffe /* 3 vars */) = 0
      10 chdir("/w/a")  = 0
      10 chdir("../b")  = 0
      10 chdir("/nowhere") = -1 ENOENT (No such file or directory)
      10 \(call)

      """
    #expect(
      StraceText(chdir).said.last == "10 exec /w/b/python3 x/../main.py script /w/b/main.py")
  }

  @Test func `folders of descriptors show where a process works`() {
    let read = StraceText(
      Self.python + """
        10 openat(AT_FDCWD</w/deep>, "lib.py", O_RDONLY|O_CLOEXEC) = 3</w/deep/lib.py>
        10 openat(3</w/other>, "a.py", O_RDONLY|O_CLOEXEC) = 4</w/other/a.py>
        10 openat(3, "b.py", O_RDONLY|O_CLOEXEC) = 4

        """)
    #expect(
      read.said.dropFirst(2) == [
        "10 open /w/deep/lib.py", "10 open /w/other/a.py", "10 open b.py",
      ])
    #expect(read.workingDirectory == "/w/deep")
  }

  @Test func `abbreviated and whole environments are the same`() {
    let whole =
      #"10 execve("/usr/bin/python3", ["python3", "/w/main.py"], ["A=\"]) = 0", "B=1"...]) = 0"#
    #expect(StraceText(whole + "\n").said == Self.launch)
    #expect(
      StraceText(
        #"10 execveat(AT_FDCWD, "/usr/bin/python3", ["python3", "/w/main.py"], 0x7ffe, 0) = 0"#
          + "\n"
      ).said == Self.launch)
  }

  // MARK: Files, pipes, sockets, texts

  @Test(arguments: [
    #"openat(AT_FDCWD, "/w/a.py", O_RDONLY|O_CLOEXEC) = 3"#,
    #"open("/w/a.py", O_RDONLY|O_CLOEXEC) = 3"#,
    #"openat(AT_FDCWD, "/w/a.py", O_RDONLY|O_LARGEFILE|O_CLOEXEC) = 3"#,
    #"openat(AT_FDCWD, "/w/a.py", O_RDONLY|O_CLOEXEC <unfinished ...>"#,
    #"openat(AT_FDCWD, "/w/a.py", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file)"#,
    #"openat(AT_FDCWD, "\x2fw\x2fa\x2epy", O_RDONLY|O_CLOEXEC) = 3"#,
    #"openat(AT_FDCWD, "\57w/a\56py", O_RDONLY|O_CLOEXEC) = 3"#,
  ])
  func `opened files are events`(line: String) {
    #expect(said("10 " + line) == ["10 open /w/a.py"])
  }

  @Test(arguments: [
    #"openat(AT_FDCWD, "/w/a.py", O_RDONLY) = 3"#,
    #"openat(AT_FDCWD, "/w/a.py", O_WRONLY|O_CREAT|O_CLOEXEC, 0666) = 3"#,
    #"openat(AT_FDCWD, "/w/a.py", O_RDONLY|O_CLOEXEC|O_DIRECTORY) = 3"#,
    #"openat(AT_FDCWD, "/w/data.txt", O_RDONLY|O_CLOEXEC) = 3"#,
    #"openat(AT_FDCWD, "/usr/lib/python3.12/os.py", O_RDONLY|O_CLOEXEC) = 3"#,
    #"stat("/w/a.py", 0x7ffe) = 0"#, #"openat(AT_FDCWD, 0x7f, O_RDONLY|O_CLOEXEC) = -1 EFAULT"#,
    #"openat(AT_FDCWD, "/w/a.py"#, "openat(", "openat(AT_FDCWD, \"\\",
  ])
  func `other opens aren't events`(line: String) {
    #expect(said("10 " + line) == [])
  }

  @Test func `bytes that aren't UTF-8 are kept`() {
    let open = StraceText(
      Self.python + #"10 openat(AT_FDCWD, "/w/\351\x.py", O_RDONLY|O_CLOEXEC) = 3"# + "\n")
    guard case .opened(let file) = open.events.last?.kind else {
      Issue.record("no open")
      return
    }
    #expect(file.path.exactBytes == Array("/w/".utf8) + [0o351, 0] + Array(".py".utf8))
  }

  /// The writes of a spawn worker that is refused (Lib/multiprocessing/popen_spawn_posix.py).
  @Test func `the boot of a worker is seen`() {
    let worker = """
      10 vfork() = 11
      11 execve("/usr/bin/python3", ["python3", "-c", "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)", "--multiprocessing-fork"], 0x7ffe /* 3 vars */) = 0
      11 pipe2([3, 4], O_CLOEXEC) = 0
      11 pipe2([3, 4], 0) = 0
      11 write(2, "Value", 5) = 5
      11 write(2, "Error\\n", 6) = 6
      11 write(2, "     ^^^^\\n", 10) = 10
      11 write(1, "Traceback\\n", 10) = 10
      11 write(5</dev/null>, "REGISTER:/x:semaphore\\n", 22) = 22
      11 openat(AT_FDCWD, "/dev/null", O_RDONLY|O_CLOEXEC) = 3
      11 write(2, "after\\n", 6) = 6
      11 write(2, "Traceback (most recent call last):\\n", 35) = 35
      11 write(2, "ValueError: no\\n", 15) = 15
      11 kill(10, SIGTERM) = 0
      11 kill(10, SIGKILL) = 0
      11 tgkill(10, 10, SIGKILL) = 0
      11 kill(999, SIGKILL) = -1 ESRCH (No such process)
      11 connect(3, {sa_family=AF_UNIX, sun_path="/tmp/pymp-x/listener-y"}, 25) = 0
      11 connect(3, {sa_family=AF_UNIX, sun_path=@"listener-z"}, 25) = 0
      11 connect(3, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0
      """
    #expect(
      said(worker) == [
        "11 vfork by 10",
        "11 exec /usr/bin/python3 -c from multiprocessing.spawn import spawn_main; "
          + "spawn_main(tracker_fd=5, pipe_handle=7) --multiprocessing-fork",
        "11 pipe", "11 write 2 ValueError\n", "11 write 5 REGISTER:/x:semaphore\n",
        "11 open /dev/null", "11 write 2 Traceback (most recent call last):\n",
        "11 write 2 ValueError: no\n", "11 send 9 to [10]", "11 send 9 to [10]", "11 send 9 to []",
        "11 connect /tmp/pymp-x/listener-y", "11 connect \0listener-z",
      ])
  }

  // MARK: Limitations of the log

  private static let worker =
    #"10 execve("/usr/bin/python3", ["python3", "-c", "from multiprocessing.spawn import"...], 0x7ffe) = 0"#

  @Test(
    arguments: [
      ("10 exit_group(0) = ?", .noExecutions),
      (#"10 execve("/usr/bin/python3", ["python3", "main.py"], 0x7ffe) = 0"#, .noOpens),
      (worker, .noWrites), (worker, .cutTexts([.commandLines])),
      (
        #"10 execve("/usr/bin/python3", ["python3", "main.py"...], 0x7ffe) = 0"#,
        .cutTexts([.commandLines])
      ),
      (
        python
          + #"10 openat(AT_FDCWD, "/w/a/very/long/path/to/a/popen_spawn_posix.p"..., O_RDONLY|O_CLOEXEC) = 3"#,
        .cutTexts([.paths])
      ),
      (python + "10 fork() = 11\n10 exit_group(0) = ?", .childrenNotFollowed),
      (
        python + "10 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 11\n10 fork( <unfinished ...>\n"
          + "11 fork( <unfinished ...>\n12 exit_group(0) = ?", .unsureParents
      ),
    ] as [(String, StraceLimitation)])
  func `what a log lacks is reported`(log: String, limitation: StraceLimitation) {
    let limitations = StraceText(log + "\n").limitations
    #expect(limitations.contains(limitation), "\(limitations)")
  }

  @Test func `several texts are cut`() {
    let open =
      #"10 openat(AT_FDCWD, "/w/popen_spawn_posix.p"..., O_RDONLY|O_CLOEXEC) = 3"# + "\n"
    let write = #"10 write(2, "Traceback (most recent call last):"..., 36) = 36"# + "\n"
    let read = StraceText(Self.worker + "\n" + open + write)
    #expect(
      read.limitations.contains(.cutTexts([.commandLines, .paths, .errorMessages])),
      "\(read.limitations)")
  }

  @Test func `a whole log lacks nothing`() {
    let read = StraceText(
      Self.python + """
        10 openat(AT_FDCWD, "/w/main.py", O_RDONLY|O_CLOEXEC) = 3
        10 write(1, "x", 1) = 1
        10 exit_group(0) = ?

        """)
    #expect(read.limitations.isEmpty)
    #expect(read.hasEnd)
    #expect(!StraceText(Self.python).hasEnd)
  }

  @Test func `a torn last line is not read`() {
    let read = StraceText(Self.python + "10 +++ exited with 1")
    #expect(!read.hasEnd)
    #expect(read.damagedLines == 0)
  }

  // MARK: Recognition

  @Test(arguments: [
    #"execve("/bin/true", ["true"], 0x7ffe /* 3 vars */) = 0"#,
    "10 openat(AT_FDCWD, \"x\", O_RDONLY <unfinished ...>",
    "[pid 10] <... read resumed>\"x\", 1) = 1",
    "+++ exited with 0 +++", "some output\n10 exit_group(0)      = ?\n",
    "strace: Process 7 attached\n[pid 7] --- SIGCHLD {si_signo=SIGCHLD} ---",
  ])
  func `logs are recognised`(text: String) {
    #expect(StraceRecognition(Array((text + "\n").utf8)) == .trace)
  }

  @Test(arguments: [
    "", "hello", "{\"k\":\"header\"}", "f(x) = y", "def f(x):\n    return 1", "\u{0}\u{1}",
    "collected 3 items\n\ntest_x.py ...\n", "1234", "1234 ", "[pid", "(((", "0.000",
  ])
  func `other files aren't recognised as logs`(text: String) {
    #expect(StraceRecognition(Array((text + "\n").utf8)) == .none)
  }

  @Test func `tables of counts are recognised`() {
    let table = "% time     seconds  usecs/call     calls    errors syscall\n------ -----------\n"
    #expect(StraceRecognition(Array(table.utf8)) == .countTable)
  }
}
