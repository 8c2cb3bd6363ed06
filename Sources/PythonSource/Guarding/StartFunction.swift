/// A function that a module has after its edit. What imports the module has to call it.
package struct StartFunction: Hashable, Sendable {
  /// As the interpreter has it in `sys.modules`: `pkg.helper`.
  package var module: String
  package var name: String
  /// Names that the module has only after the call, as bytes in its file's encoding.
  package var names: [[UInt8]]

  package init(module: String, name: String, names: [[UInt8]] = []) {
    self.module = module
    self.name = name
    self.names = names
  }
}
