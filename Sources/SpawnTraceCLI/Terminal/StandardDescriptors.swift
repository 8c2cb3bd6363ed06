internal import Glibc

/// Descriptors 0 to 2 of this process.
enum StandardDescriptors {
  /// Opens what is closed among them on /dev/null, so that no file of ours gets such a number and is
  /// written to as if it were standard error. The program finds them closed as they were: they are
  /// closed on exec.
  static func secure() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is this one.
      _ = open("/dev/null", O_RDWR | O_CLOEXEC)
    }
  }
}
