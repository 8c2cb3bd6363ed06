internal import Foundation
internal import TestSupport
internal import Testing

/// How COMMAND is found, and what is reported if it isn't.
struct CommandTests {
  @Test(arguments: TracingMechanism.allCases)
  func `a script without an interpreter line is run by sh`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    let script = try folder.write("script", "echo \"ran $1\"\nexit 7\n", isExecutable: true)
    let run = try Traced.run([script, "well"], options: mechanism.options)
    #expect(run.outcome.standardOutput == "ran well\n")
    #expect(run.outcome.ending == "status 7")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `PATH is searched past a file that can't be executed`(
    _ mechanism: TracingMechanism
  ) throws {
    let folder = try ScratchFolder()
    try folder.write("first/tool", "#!/bin/sh\necho wrong\n")
    try folder.write("second/tool", "#!/bin/sh\necho right\n", isExecutable: true)
    let path = "\(folder.path)/none:\(folder.path)/first:\(folder.path)/second:/usr/bin:/bin"
    try expectSame(
      ["env", "tool"], mechanism, printing: "right\n", environment: ["PATH": path])
    let run = try Traced.run(
      ["tool"], options: mechanism.options, environment: ["PATH": path])
    #expect(run.outcome.standardOutput == "right\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a relative path with a slash isn't searched for`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    try folder.write("bin/tool", "#!/bin/sh\necho here $0\n", isExecutable: true)
    try expectSame(
      ["bin/tool"], mechanism, printing: "here bin/tool\n", in: folder.path)
  }

  private func expectRefusal(
    _ command: String, _ mechanism: TracingMechanism, status: Int32, in folder: ScratchFolder,
    environment: [String: String] = [:]
  ) throws {
    let outcome = try Traced.run(
      arguments: ["run"] + mechanism.options + ["--", command, "argument"], in: folder.path,
      environment: environment)
    #expect(outcome.ending == "status \(status)")
    #expect(outcome.standardOutput == "")
    let lines = outcome.standardError.split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("spawntrace: \(command): ") == true)
  }

  @Test(arguments: TracingMechanism.allCases, ["no-such-tool", "/nowhere/at/all", "./tool"])
  func `what isn't there is 127`(_ mechanism: TracingMechanism, command: String) throws {
    try expectRefusal(command, mechanism, status: 127, in: ScratchFolder())
  }

  @Test(arguments: TracingMechanism.allCases)
  func `what can't be executed is 126`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    let text = try folder.write("text", "echo no\n")
    try expectRefusal(text, mechanism, status: 126, in: folder)
    try expectRefusal("./text", mechanism, status: 126, in: folder)
    try expectRefusal(folder.path, mechanism, status: 126, in: folder)
    try expectRefusal(
      "text", mechanism, status: 126, in: folder, environment: ["PATH": folder.path])
  }

  /// The kernel's ENOENT is about the interpreter; env(1) ends with 127, too.
  @Test(arguments: TracingMechanism.allCases)
  func `a script whose interpreter is missing`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    let script = try folder.write("script", "#!/nowhere/at/all\n", isExecutable: true)
    try expectRefusal(script, mechanism, status: 127, in: folder)
  }

  /// A program may end with these by itself; spawntrace reports nothing then.
  @Test(arguments: TracingMechanism.allCases, [126, 127])
  func `the command's own 126 and 127`(_ mechanism: TracingMechanism, status: Int32) throws {
    try expectSame(["sh", "-c", "exit \(status)"], mechanism, ending: "status \(status)")
  }
}
