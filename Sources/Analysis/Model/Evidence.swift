/// The evidence for a worker's start that counts; the values are those of the hidden option
/// --evidence.
package enum Evidence: String, Hashable, Sendable, CaseIterable {
  case stacks
  case systemCalls = "calls"
  case all
}
