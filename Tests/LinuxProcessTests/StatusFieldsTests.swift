import Glibc
import LinuxProcess
import Testing

struct StatusFileTests {
  @Test("This process, by its fields")
  func own() throws {
    let status = try #require(StatusFile(process: getpid()))
    #expect(status.threadGroup == getpid())
    #expect(status.parent == getppid())
    #expect(status["Pid"] == "\(getpid())")
    #expect(status["Uid"]?.split(separator: "\t").first == "\(getuid())")
    let threads = try #require(status["Threads"].flatMap { Int($0) })
    #expect(threads >= 1)
  }

  @Test("A thread's status tells whose thread it is")
  func thread() throws {
    // PID/task/TID
    let name = try #require(destination(ofLink: "/proc/thread-self")?.split(separator: "/").last)
    let thread = try #require(Int32(name))
    let status = try #require(StatusFile(process: thread))
    #expect(status.threadGroup == getpid())
    #expect(status["Pid"] == "\(thread)")
  }

  @Test("Who has something to do with SIGCHLD", arguments: [SIG_BLOCK, SIG_UNBLOCK])
  func children(how: Int32) throws {
    // Of this thread alone.
    var (only, before) = (sigset_t(), sigset_t())
    sigemptyset(&only)
    sigaddset(&only, SIGCHLD)
    pthread_sigmask(how, &only, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let name = try #require(destination(ofLink: "/proc/thread-self")?.split(separator: "/").last)
    let thread = try #require(Int32(name))
    let status = try #require(StatusFile(process: thread))
    let others = ["SigIgn", "SigCgt"].compactMap { status[$0].flatMap { UInt64($0, radix: 16) } }
    let isCaught = others.contains { $0 >> UInt64(SIGCHLD - 1) & 1 == 1 }
    #expect(status.mindsChildren == (how == SIG_BLOCK || isCaught))
  }

  @Test("A field is found by its whole name", arguments: ["Pi", "VmPea", "Tgid:", "", "tgid"])
  func wholeName(name: String) throws {
    #expect(try #require(StatusFile(process: getpid()))[name] == nil)
  }

  @Test("A process that isn't there")
  func gone() {
    #expect(StatusFile(process: Int32.max) == nil)
    #expect(StatusFile(process: -1) == nil)
  }

  @Test("What /proc tells of this process")
  func facts() throws {
    let facts = ProcessFacts(process: getpid())
    #expect(facts.executable == destination(ofLink: "/proc/self/exe"))
    #expect(facts.executableStatus == FileStatus(path: "/proc/self/exe"))
    #expect(facts.arguments == CommandLine.arguments)
    #expect(facts.workingDirectory == destination(ofLink: "/proc/self/cwd"))
    #expect(facts.status(of: "/proc") == FileStatus(path: "/proc"))
    #expect(facts.hasThread(getpid()))
    #expect(!facts.hasThread(Int32.max))
    #expect(try #require(StatusFile(process: getpid())?.threadCount) >= 1)
  }

  @Test("What /proc tells of nobody")
  func factsOfNobody() {
    let facts = ProcessFacts(process: Int32.max)
    #expect(facts.executable == nil)
    #expect(facts.executableStatus == nil)
    #expect(facts.arguments.isEmpty)
    #expect(facts.workingDirectory == nil)
    #expect(facts.status(of: "/") == nil)
  }
}
