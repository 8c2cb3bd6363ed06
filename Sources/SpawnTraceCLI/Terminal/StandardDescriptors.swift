internal import Glibc

/// Descriptors 0 to 2 of this process.
enum StandardDescriptors {
  /// Opens those that are closed on /dev/null. Otherwise a file of ours could get such a number and
  /// be written to as if it were standard error. They are closed on exec, so the program finds them
  /// closed as they were.
  static func secure() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is this one.
      _ = open("/dev/null", O_RDWR | O_CLOEXEC)
    }
  }
}
