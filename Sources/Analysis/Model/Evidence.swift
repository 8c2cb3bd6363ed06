/// What is believed of the start of a worker; the values are the words of the hidden option --evidence.
package enum Evidence: String, Hashable, Sendable, CaseIterable {
  case stacks
  case systemCalls = "calls"
  case all
}
