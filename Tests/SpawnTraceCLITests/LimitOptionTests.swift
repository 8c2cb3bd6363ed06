import Analysis
import ArgumentParser
import Recording
import Runs
import TestSupport
import Testing
import TraceModel

@testable import SpawnTraceCLI

/// A limit has one name from the option to the rule.
struct LimitOptionTests {
  private static let names = ["processes", "nesting", "generations", "repeats"]

  /// The settings of `run` with a limit of 7.
  private func settings(_ name: String) throws -> RunSettings {
    let command = try RootCommand.parseAsRoot(["--max-\(name)", "7", "x"])
    return try #require(command as? RunCommand).settings
  }

  /// The limits without and with the option.
  private func expected(_ name: String) -> Limits {
    switch name {
    case "processes": Limits(maxProcesses: 7)
    case "nesting": Limits(maxNesting: 7)
    case "generations": Limits(maxGenerations: 7)
    default: Limits(maxRepeats: 7)
    }
  }

  @Test(arguments: names)
  func `an option sets its limit and no other`(name: String) throws {
    #expect(try settings(name).live.limits == expected(name))
  }

  @Test func `a limit that was recorded is read again, and an option of replay takes its place`()
    throws
  {
    let recorded = Limits(maxProcesses: 1, maxNesting: 2, maxGenerations: 3, maxRepeats: 4)
    for name in Self.names {
      let command = try RootCommand.parseAsRoot(["replay", "--max-\(name)=7", "x"])
      let options = try #require(command as? ReplayCommand).settings.options
      let limits = options.limits(recorded)
      #expect(limits != recorded)
      var changed = recorded
      switch name {
      case "processes": changed.maxProcesses = 7
      case "nesting": changed.maxNesting = 7
      case "generations": changed.maxGenerations = 7
      default: changed.maxRepeats = 7
      }
      #expect(limits == changed)
    }
  }

  @Test func `help shows the limits that hold without an option`() {
    let help = RunCommand.helpMessage(columns: 200)
    for limit in [
      Limits().maxProcesses, Limits().maxNesting, Limits().maxGenerations, Limits().maxRepeats,
    ] {
      #expect(help.contains("default: \(limit))"))
    }
  }

  @Test(arguments: names)
  func `0 is refused by each option`(name: String) {
    #expect(throws: (any Error).self) { try settings(name, "0") }
  }

  private func settings(_ name: String, _ value: String) throws -> RunSettings {
    let command = try RootCommand.parseAsRoot(["--max-\(name)", value, "x"])
    return try #require(command as? RunCommand).settings
  }
}
