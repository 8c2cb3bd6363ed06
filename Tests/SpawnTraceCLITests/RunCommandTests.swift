import Analysis
import ArgumentParser
import LinuxProcess
import Runs
import Testing
import TraceModel
import Tracer

@testable import SpawnTraceCLI

struct RunCommandTests {
  /// Parses as the whole program does: `run` is the default.
  private func parse(_ words: [String]) throws -> RunCommand {
    try #require(try RootCommand.parseAsRoot(words) as? RunCommand)
  }

  private func message(_ words: [String]) -> String? {
    do {
      _ = try RootCommand.parseAsRoot(words)
      return nil
    } catch {
      guard RootCommand.exitCode(for: error) != .success else { return nil }
      return RootCommand.message(for: error)
    }
  }

  @Test func `the settings without options`() throws {
    let command = try RunCommand.parse(["python", "main.py"])
    #expect(command.options.command == ["python", "main.py"])
    #expect(command.options.onCycle == .stop)
    #expect(command.options.limits.limits().maxProcesses == 2000)
    #expect(command.options.reporting.json == nil)
    #expect(command.options.reporting.settings.style == .findings)
    #expect(command.settings == RunSettings(command: ["python", "main.py"]))
    #expect(command.options.findingStatus == 112)
    #expect(command.options.reporting.color == .auto)
    #expect(!command.options.reporting.verbose)
    #expect(command.options.mechanism == .notify)
  }

  @Test(arguments: [
    ["python", "main.py"], ["--", "python", "main.py"], ["run", "python", "main.py"],
    ["run", "--", "python", "main.py"], ["-v", "python", "main.py"],
    ["-v", "--", "python", "main.py"], ["run", "-v", "--", "python", "main.py"],
    ["--json", "r.json", "python", "main.py"], ["--json=r.json", "--", "python", "main.py"],
  ])
  func `the command, with and without '--' and 'run'`(words: [String]) throws {
    #expect(try parse(words).options.command == ["python", "main.py"])
  }

  @Test(arguments: [
    ["python", "-v", "--json", "x", "--on-cycle=report"],
    ["python", "--help"], ["python", "-h"], ["python", "--version"], ["python", "--", "-v"],
    ["python", "-c", "print(1)", "--unknown"], ["make", "--", "run"], ["env", "A=1", "python"],
    ["python", ""],
  ])
  func `options behind the command's name are the command's`(command: [String]) throws {
    for prefix in [[], ["--"], ["run"], ["run", "--"], ["-v"], ["-v", "--"]] {
      let parsed = try parse(prefix + command)
      #expect(parsed.options.command == command)
      #expect(parsed.options.reporting.verbose == prefix.contains("-v"))
      #expect(parsed.options.reporting.json == nil)
      #expect(parsed.options.onCycle == .stop)
    }
  }

  @Test func `only the first '--' is spawntrace's`() throws {
    #expect(try parse(["--", "--", "x"]).options.command == ["--", "x"])
    #expect(try parse(["--", "tool", "--", "x"]).options.command == ["tool", "--", "x"])
  }

  @Test func `behind '--' stands a command, whatever it is called`() throws {
    #expect(try parse(["--", "run"]).options.command == ["run"])
    #expect(try parse(["--", "run", "--", "x"]).options.command == ["run", "--", "x"])
    #expect(try parse(["--", "-v"]).options.command == ["-v"])
    #expect(try parse(["--", "help"]).options.command == ["help"])
    #expect(try parse(["--", "--help"]).options.command == ["--help"])
    #expect(try parse(["run", "--", "run"]).options.command == ["run"])
  }

  @Test(arguments: [
    ["--", "python", "main.py"], ["run", "--", "python", "main.py"], ["--", "--", "x"],
    ["--", "tool", "--", "x"], ["--", "run", "--", "x"], ["--", "-v"], ["--", "--help"],
    ["--", "replay", "x"], ["run", "--", "run"], ["--", ""],
  ])
  func `a command line without options means the same without the parser and with it`(
    words: [String]
  ) throws {
    let command = try #require(CommandLineOptions.plainCommand(words))
    #expect(try parse(words).settings == RunSettings(command: command))
  }

  @Test(arguments: [
    [], ["--"], ["run"], ["run", "--"], ["python"], ["run", "python"], ["-v", "--", "python"],
    ["--help"], ["run", "-h"], ["replay", "x"], ["help", "run"], ["--bogus", "--", "x"],
  ])
  func `other command lines need the parser`(words: [String]) {
    #expect(CommandLineOptions.plainCommand(words) == nil)
  }

  @Test func `values`() throws {
    let command = try parse([
      "--on-cycle=report", "--max-processes", "1", "--json", "a b.json", "--report=short",
      "--finding-status", "0", "--color=never", "--verbose", "--mechanism", "trace", "--", "x",
    ])
    #expect(command.options.onCycle == .report)
    #expect(command.options.limits.limits().maxProcesses == 1)
    #expect(command.options.reporting.json == "a b.json")
    #expect(command.options.reporting.settings.style == .short)
    #expect(command.options.findingStatus == 0)
    #expect(command.options.reporting.color == .never)
    #expect(command.options.reporting.verbose)
    #expect(command.options.mechanism == .trace)
    #expect(command.options.command == ["x"])
    #expect(try parse(["--finding-status=255", "x"]).options.findingStatus == 255)
    #expect(try parse(["--report", "none", "x"]).settings.reporting.style == .none)
    #expect(try parse(["--timeout", "0.3", "x"]).settings.live.timeout == .milliseconds(300))
    #expect(try parse(["--wait", "x"]).settings.live.survivors == .wait)
    #expect(try parse(["--kill-survivors", "x"]).settings.live.survivors == .end)
    #expect(try parse(["--evidence=calls", "x"]).settings.live.evidence == .systemCalls)
    #expect(try parse(["--capture=all", "x"]).settings.live.capture == .all)
    #expect(try parse(["--watch=all", "x"]).settings.live.filtering == .all)
  }

  @Test(
    arguments: [
      ([], "there is no command"), (["--"], "there is no command"),
      (["run"], "there is no command"), (["run", "--"], "there is no command"),
      (["-v"], "there is no command"), (["-v", "--"], "there is no command"),
      (["--bogus", "x"], "--bogus"), (["--bogus", "--", "x"], "--bogus"),
      (["-v", "--bogus", "--", "x"], "--bogus"), (["-z", "x"], "-z"),
      (["run", "--bogus", "x"], "--bogus"), (["--on-cyle=report", "--", "x"], "--on-cyle=report"),
      (["--on-cycle=never", "x"], "never"), (["--report", "long", "x"], "long"),
      (["--report", "findings", "x"], "findings"), (["--capture=withoutStacks", "x"], "capture"),
      (["--mechanism=magic", "x"], "magic"), (["--timeout", "0", "x"], "above 0"),
      (["--wait", "--kill-survivors", "x"], "exclude each other"),
      (["--max-processes", "0", "x"], "at least 1"), (["--max-processes=-3", "x"], "at least 1"),
      (["--max-processes", "many", "x"], "many"), (["--json"], "--json"),
      (["--finding-status", "256", "x"], "0 to 255"),
      (["--finding-status=-1", "x"], "0 to 255"),
      (["--finding-status", "99999999999", "x"], "99999999999"),
      (["--color=blue", "x"], "blue"),
    ] as [([String], String)])
  func `wrong command lines and their messages`(words: [String], part: String) throws {
    let said = try #require(message(words))
    #expect(said.contains(part))
    #expect(!said.contains("\n"))
  }

  @Test(arguments: [
    ["--help"], ["-h"], ["--version"], ["help"], ["help", "run"], ["run", "--help"],
    ["run", "-h"], ["-v", "--help"], ["run", "-v", "-h"], ["--json", "r.json", "--help"],
  ])
  func `help and version print something and are no failure`(words: [String]) {
    do {
      var command = try RootCommand.parseAsRoot(words)
      try #require(!(command is RunCommand))
      try command.run()
      Issue.record("nothing is printed")
    } catch {
      #expect(RootCommand.exitCode(for: error) == .success)
      #expect(!RootCommand.fullMessage(for: error).isEmpty)
    }
  }
}
