package import SystemPackage

/// A system call that failed although it should not have.
///
/// A tracee that is gone isn't an error: see `Resumption`.
package struct SystemCallError: Error, CustomStringConvertible {
  /// The call as its manual page has it, with the request or the file if there is one.
  package let call: String
  package let errno: Errno

  package init(_ call: String, _ errno: Errno) {
    self.call = call
    self.errno = errno
  }

  package var description: String {
    "\(call): \(errno)"
  }
}
