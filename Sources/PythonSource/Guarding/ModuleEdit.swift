/// A change of a module after which importing it starts no processes: a function does what the
/// import did.
package struct ModuleEdit: Hashable, Sendable {
  package var edit: GuardEdit
  /// The function's name, which the file didn't have.
  package var function: String
  /// Names of the module that the function binds, as bytes in the file's encoding.
  package var names: [[UInt8]]
}

/// The edit, or why there is none.
package enum ModuleProposal: Hashable, Sendable {
  case edit(ModuleEdit)
  case advice(GuardProposal.Advice)
}
