/// Copies a program that is to be executed, by another process: what this one writes to, children of other
/// tests have open until they execute something, and as long it can't be executed (ETXTBSY).
package func copyProgram(_ program: String, to path: String) throws {
  let outcome = try ChildProcess.run(["cp", "--", program, path])
  guard outcome.status == 0 else { throw CProgram.Failure(text: outcome.standardError) }
}
