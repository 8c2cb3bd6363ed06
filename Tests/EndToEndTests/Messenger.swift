internal import TestSupport

/// A parent of spawntrace that signals it when the traced program asks for that. A signal from
/// inside the tree would not count as a request to spawntrace.
enum Messenger {
  /// A command that runs the command behind it, and ends as that ends. A byte in the FIFO `fifo` is
  /// the number of a signal to send to it.
  static func command(fifo: String) throws -> [String] {
    [try CProgram.withPrelude(program), fifo]
  }

  private static let program = """
    static pid_t child;
    static void ended(int signal) {
      int status;
      if (waitpid(child, &status, WNOHANG) != child) return;
      if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
      struct rlimit none = {0, 0};
      setrlimit(RLIMIT_CORE, &none);
      struct sigaction standard = {.sa_handler = SIG_DFL};
      sigaction(WTERMSIG(status), &standard, NULL);
      kill(getpid(), WTERMSIG(status));
    }
    int main(int count, char **arguments) {
      // Without a writer it would be at its end.
      int asked = open(arguments[1], O_RDWR | O_CLOEXEC);
      need(asked >= 0);
      signal(SIGCHLD, ended);
      child = fork();
      if (child == 0) {
        signal(SIGCHLD, SIG_DFL);
        execvp(arguments[2], arguments + 2);
        _exit(97);
      }
      unsigned char number;
      for (;;)
        if (read(asked, &number, 1) == 1) kill(child, number);
    }
    """
}
