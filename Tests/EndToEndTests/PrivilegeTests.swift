internal import Foundation
internal import TestSupport
internal import Testing

/// setuid programs, which only root can make.
@Suite(.root("only root makes a setuid program"))
struct PrivilegeTests {
  /// Prints its user; with arguments it becomes another user and executes each of them.
  private static let program = """
    #include <grp.h>
    int main(int count, char **arguments) {
      if (count == 1) {
        printf("real %d, effective %d\\n", getuid(), geteuid());
        return 6;
      }
      need(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
      for (int i = 1; i < count; i++) {
        pid_t child = fork();
        if (child == 0) execl(arguments[i], arguments[i], NULL);
        report("child", waited(child, 0));
      }
    }
    """

  /// Two copies that all users may run, one of them setuid root.
  private func copies(in folder: ScratchFolder) throws -> (becomes: String, stays: String) {
    let program = try CProgram.withPrelude(Self.program)
    let script = "chmod 755 . && cp \"$0\" stays && cp \"$0\" becomes && chmod 4755 becomes"
    let outcome = try ChildProcess.run(["sh", "-c", script, program], in: folder.path)
    #expect(outcome.ending == "status 0", "\(outcome.standardError)")
    return (folder.file("becomes"), folder.file("stays"))
  }

  /// A setuid program keeps its privileges if its tracer may trace any process (capabilities(7),
  /// CAP_SYS_PTRACE). Root needs no NO_NEW_PRIVS for a filter.
  @Test(arguments: TracingMechanism.allCases)
  func `a setuid program that root traces gains its privileges`(_ mechanism: TracingMechanism)
    throws
  {
    let folder = try ScratchFolder()
    let (becomes, stays) = try copies(in: folder)
    try expectSame(
      program: Self.program, arguments: [stays, becomes, stays], mechanism, in: folder.path)
  }

  /// A limit that README.md names: the program goes on without its privileges.
  @Test(arguments: TracingMechanism.allCases)
  func `a setuid program that another user traces gains none`(_ mechanism: TracingMechanism) throws
  {
    let folder = try ScratchFolder()
    let (becomes, _) = try copies(in: folder)
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    let shell = ["sh", "-c", "\"$0\"; echo $?; \"$0\"; exit 9", becomes]
    let bare = try ChildProcess.run(nobody + shell, in: folder.path)
    let gains = "real 65534, effective 0\n"
    guard bare.standardOutput == gains + "6\n" + gains else {
      try Test.cancel("the file system has no setuid (nosuid), or folders are closed to others")
    }
    let traced = try ChildProcess.run(
      nobody + [Traced.binary, "run"] + mechanism.options + ["--"] + shell, in: folder.path)
    guard traced.status != 126 else { try Test.cancel("the checkout is closed to others") }
    let same = "real 65534, effective 65534\n"
    #expect(traced.standardOutput == same + "6\n" + same)
    #expect(traced.ending == "status 9" && bare.ending == "status 9")
  }
}
