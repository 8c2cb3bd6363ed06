/// Copies a program with cp(1). A file that this process writes may be open in children of other
/// tests until they execute something, and until then it can't be executed (ETXTBSY, execve(2)).
package func copyProgram(_ program: String, to path: String) throws {
  let outcome = try ChildProcess.run(["cp", "--", program, path])
  guard outcome.status == 0 else { throw CProgram.Failure(text: outcome.standardError) }
}
