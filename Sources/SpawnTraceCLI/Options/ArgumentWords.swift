internal import Analysis
internal import ArgumentParser
internal import LinuxProcess
internal import Runs
internal import Tracer

// The words of options are the raw values of the settings.

extension ColorChoice: ExpressibleByArgument {}
extension LiveSettings.OnCycle: ExpressibleByArgument {}
extension Mechanism: ExpressibleByArgument {}
extension Evidence: ExpressibleByArgument {}
extension FilterPolicy: ExpressibleByArgument {}

/// Which stacks are read without any choice follows from the evidence that is believed.
extension Capture: ExpressibleByArgument {
  package init?(argument: String) {
    guard let capture = Self.offered.first(where: { $0.rawValue == argument }) else { return nil }
    self = capture
  }

  package static var allValueStrings: [String] { offered.map(\.rawValue) }

  private static let offered: [Capture] = [.needed, .all]
}

/// What holds without the option has no word.
extension ReportStyle: ExpressibleByArgument {
  init?(argument: String) {
    guard let style = Self.offered.first(where: { $0.rawValue == argument }) else { return nil }
    self = style
  }

  static var allValueStrings: [String] { offered.map(\.rawValue) }

  private static let offered: [ReportStyle] = [.full, .short, .none]
}
