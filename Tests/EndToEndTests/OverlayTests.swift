import Foundation
import TestSupport
import Testing

/// Python programs that see their own main script with a guard, which it doesn't have.
@Suite(.serialized)
struct OverlayTests {
  private let program: SeedProgram
  private let guarded: String

  init() throws {
    program = try SeedProgram()
    guarded = try SeedProgram(guarded: true).folder.read("runtest.py") ?? ""
    let file = program.folder.file("runtest.py")
    // A cached module is valid for its source's time in seconds: the file isn't of now.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)], ofItemAtPath: file)
  }

  private func run(
    _ command: [String], method: String = "spawn", options: [String] = [],
    environment: [String: String] = [:], startedBy caller: [String] = []
  ) throws -> OverlaidRun {
    try OverlaidRun(
      command, seeing: guarded, as: "runtest.py", in: program.folder, options: options,
      environment: environment.merging(["METHOD": method]) { $1 }, startedBy: caller)
  }

  /// Expects a healthy run, and nothing in the folder that wasn't there before, or is different.
  private func expectHealthy(
    _ command: [String], method: String = "spawn", options: [String] = [],
    environment: [String: String] = [:], startedBy caller: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = program.folder.listing
    let run = try run(
      command, method: method, options: options, environment: environment, startedBy: caller)
    #expect(run.outcome.ending == "status 0", sourceLocation: sourceLocation)
    #expect(run.isHealthy, "\(run.outcome.standardError)", sourceLocation: sourceLocation)
    let tests = run.outcome.standardError.components(separatedBy: "\nRan 1 test").count - 1
    #expect(tests == 1, sourceLocation: sourceLocation)
    #expect(program.folder.listing == before, sourceLocation: sourceLocation)
  }

  @Test(arguments: Interpreters.all, ["spawn", "forkserver"])
  func `a script is healthy with the text that it doesn't have`(
    interpreter: Interpreters.Interpreter, method: String
  ) throws {
    try expectHealthy([interpreter.path, "runtest.py"], method: method)
  }

  @Test(arguments: Interpreters.all)
  func `a module that is main is healthy, too, whether its text is cached or not`(
    interpreter: Interpreters.Interpreter
  ) throws {
    // No folder for cached modules is made.
    try expectHealthy([interpreter.path, "-m", "runtest"])
    let compiler = try ChildProcess.run(
      [interpreter.path, "-m", "compileall", "-q", "."], in: program.folder.path)
    try #require(compiler.ending == "status 0")
    try #require(program.folder.listing.contains { $0.contains("/runtest.") })
    try expectHealthy([interpreter.path, "-m", "runtest"])
  }

  @Test(arguments: [[], ["--mounted"]])
  func `a cycle in the text is found, and its line is the text's`(options: [String]) throws {
    let interpreter = try Interpreters.newest()
    let before = program.folder.listing
    let line = "unittest.TextTestRunner(verbosity=1).run(tests)"
    let text = try #require(program.folder.read("runtest.py"))
      .replacingOccurrences(of: "verbosity=2", with: "verbosity=1")
    let run = try OverlaidRun(
      [interpreter.path, "runtest.py"], seeing: "\n\n" + text, as: "runtest.py",
      in: program.folder, options: options, environment: ["METHOD": "spawn"])
    let place = "\(program.folder.file("runtest.py")):\(SeedProgram.culprit + 2)"
    #expect(run.outcome.standardError.contains("overlay-run: reexec-cycle at \(place): \(line)\n"))
    #expect(program.folder.listing == before)
  }

  @Test(arguments: Interpreters.few)
  func `other names of the script count, and shells that run it`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let folder = program.folder
    try FileManager.default.createDirectory(
      atPath: folder.file("elsewhere"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.py"), withDestinationPath: "runtest.py")
    try FileManager.default.linkItem(
      atPath: folder.file("runtest.py"), toPath: folder.file("hard.py"))
    try expectHealthy([interpreter.path, "link.py"])
    try expectHealthy([interpreter.path, "hard.py"])
    try expectHealthy(["sh", "-c", "cd elsewhere; \(interpreter.path) ../runtest.py; exit $?"])
  }

  @Test(arguments: Interpreters.few)
  func `modules that are cached below another folder are not read, and none is left there`(
    interpreter: Interpreters.Interpreter
  ) throws {
    guard interpreter.isAtLeast(8) else { return }
    let cache = try ScratchFolder()
    let variables = ["PYTHONPYCACHEPREFIX": cache.path]
    let compiler = try ChildProcess.run(
      [interpreter.path, "-m", "compileall", "-q", "."], in: program.folder.path,
      environment: variables)
    try #require(compiler.ending == "status 0")
    func cached() -> [String] { cache.listing.filter { $0.contains("/runtest.") } }
    let before = cached()
    try #require(before.count == 1)
    try expectHealthy([interpreter.path, "-m", "runtest"], environment: variables)
    #expect(cached() == before)
    let name = try #require(before.first?.split(separator: " ").first)
    try FileManager.default.removeItem(atPath: cache.file(String(name)))
    try expectHealthy([interpreter.path, "-m", "runtest"], environment: variables)
    #expect(cached() == [])
  }

  @Test(arguments: Interpreters.all)
  func `a script is healthy with another file mounted over it`(
    interpreter: Interpreters.Interpreter
  ) throws {
    try expectHealthy([interpreter.path, "runtest.py"], options: ["--mounted"])
    try expectHealthy([interpreter.path, "-m", "runtest"], options: ["--mounted"])
    let compiler = try ChildProcess.run(
      [interpreter.path, "-m", "compileall", "-q", "."], in: program.folder.path)
    try #require(compiler.ending == "status 0")
    try expectHealthy([interpreter.path, "-m", "runtest"], options: ["--mounted"])
  }

  @Test(.root("only root becomes another user"), arguments: [[], ["--mounted"]])
  func `an ordinary user, and root of a user namespace, see the text`(options: [String]) throws {
    let interpreter = try Interpreters.newest()
    let user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    for caller in [user, ["unshare", "-Ur"], user + ["unshare", "-Ur"]] {
      try expectHealthy([interpreter.path, "runtest.py"], options: options, startedBy: caller)
    }
  }

  /// A container's filter, which refuses SECCOMP_IOCTL_NOTIF_ADDFD.
  private static let container = """
    #include <linux/filter.h>
    #include <linux/seccomp.h>
    #include <stddef.h>
    #include <errno.h>
    #include <sys/prctl.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    int main(int count, char **arguments) {
      struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x40182103, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      };
      struct sock_fprog program = {sizeof code / sizeof *code, code};
      if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return 99;
      }
      execvp(arguments[1], arguments + 1);
      return 98;
    }
    """

  @Test func `nothing is executed if descriptors are refused, and the mounted way remains`() throws
  {
    let container = try CProgram.build(Self.container)
    let before = program.folder.listing
    let refused = try run(["touch", "executed"], startedBy: [container])
    #expect(refused.outcome.ending == "status 3")
    #expect(refused.outcome.standardError.contains("descriptorsRefused(Operation not permitted)"))
    #expect(program.folder.listing == before)
    let interpreter = try Interpreters.newest()
    try expectHealthy(
      [interpreter.path, "runtest.py"], options: ["--mounted"], startedBy: [container])
    try expectHealthy(
      [interpreter.path, "runtest.py"], options: ["--fallback"], startedBy: [container])
  }

  /// What a program inherits must not show that another launch was refused before.
  @Test func `the second way leaves signals as they were`() throws {
    let caller = [try CProgram.build(Self.container), "env", "--ignore-signal=CHLD"]
    let command = ["grep", "^Sig[BIC]", "/proc/self/status"]
    let bare = try ChildProcess.run(caller + command)
    let overlaid = try run(command, options: ["--fallback"], startedBy: caller)
    #expect(bare.standardOutput.contains("SigIgn"))
    #expect(overlaid.outcome.standardOutput == bare.standardOutput)
    #expect(overlaid.outcome.standardError.contains("descriptorsRefused"))
    #expect(overlaid.outcome.ending == "status 0")
  }

  @Test func `nothing is executed if another program listens, and the mounted way remains`() throws
  {
    let listening = try CProgram.build(
      """
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      #include <sys/prctl.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      int main(int count, char **arguments) {
        struct sock_filter all[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
        struct sock_fprog program = {1, all};
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        int listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                               SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
        // The copy isn't closed on exec.
        if (listener < 0 || dup(listener) < 0) return 99;
        execvp(arguments[1], arguments + 1);
        return 98;
      }
      """)
    let before = program.folder.listing
    let refused = try run(["touch", "executed"], startedBy: [listening])
    #expect(refused.outcome.ending == "status 3")
    #expect(refused.outcome.standardError.contains("listenerRefused(Device or resource busy)"))
    #expect(program.folder.listing == before)
    let interpreter = try Interpreters.newest()
    try expectHealthy(
      [interpreter.path, "runtest.py"], options: ["--mounted"], startedBy: [listening])
  }

  @Test func `nothing is executed if there can be no namespace`() throws {
    let before = program.folder.listing
    let limits = "/proc/sys/user"
    let refused = try run(
      ["touch", "executed"], options: ["--mounted"],
      startedBy: [
        "unshare", "-Ur", "sh", "-c",
        "echo 0 > \(limits)/max_user_namespaces; echo 0 > \(limits)/max_mnt_namespaces; exec \"$@\"",
        "sh",
      ])
    #expect(refused.outcome.ending == "status 3")
    #expect(refused.outcome.standardError.contains(#"namespaceRefused(call: "unshare""#))
    #expect(program.folder.listing == before)
  }
}
