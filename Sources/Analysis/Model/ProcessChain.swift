package import TraceModel

/// Processes of one program, each of which has started the next one and ended, but for the last.
package struct ProcessChain: Hashable, Sendable {
  /// The file of the script, or of the program, without its folder.
  package var program: String
  /// From the first on.
  package var processes: [ProcessID]

  package init(program: String, processes: [ProcessID]) {
    self.program = program
    self.processes = processes
  }
}
