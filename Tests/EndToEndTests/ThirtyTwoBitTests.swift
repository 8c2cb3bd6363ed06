internal import TestSupport
internal import Testing

/// 32-bit programs: their calls have other numbers, which the filter must not confuse with the ones
/// that it picks.
struct ThirtyTwoBitTests {
  /// With these the compiler needs no 32-bit library.
  private static let flags = [
    "-m32", "-nostdlib", "-static", "-ffreestanding", "-fno-pie", "-no-pie",
    "-fno-stack-protector", "-fcf-protection=none",
  ]

  private static let program = """
    /// A call by the gate that 32-bit programs have, by i386's numbers.
    static int call(int number, int a, int b, int c) {
      int result;
      __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
      return result;
    }
    enum { EXIT = 1, FORK = 2, WRITE = 4, OPEN = 5, WAITPID = 7, EXECVE = 11, GETPID = 20, KILL = 37 };
    enum { VFORK = 190 };
    static void say(const char *text) {
      int length = 0;
      while (text[length]) length++;
      call(WRITE, 1, (int)text, length);
    }
    __attribute__((used)) static void begin(int *stack) {
      int count = stack[0], variables = (int)(stack + 1 + count + 1);
      if (count > 1) {
        say("executed\\n");
        call(EXIT, 7, 0, 0);
      }
      static char *again[] = {"again", "again", 0}, *shell[] = {"sh", "-c", "echo shell; exit 5", 0};
      static const int expected[] = {7 << 8, 5 << 8, 3 << 8, 15};
      for (int i = 0; i < 4; i++) {
        int child = call(i == 1 ? VFORK : FORK, 0, 0, 0), status = 0;
        if (child == 0) {
          if (i == 0) call(EXECVE, (int)"/proc/self/exe", (int)again, variables);
          if (i == 1) call(EXECVE, (int)"/bin/sh", (int)shell, variables);
          if (i == 2) call(EXIT, call(OPEN, (int)"/dev/null", 02000000, 0) >= 0 ? 3 : 4, 0, 0);
          if (i == 3) call(KILL, call(GETPID, 0, 0, 0), 15, 0);
          call(EXIT, 99, 0, 0);
        }
        call(WAITPID, child, (int)&status, 0);
        char text[] = "child 0\\n";
        if (status == expected[i]) text[6] += i + 1;
        say(text);
      }
      call(EXIT, 21, 0, 0);
    }
    __asm__(".globl _start\\n"
            "_start: mov %esp, %eax\\n and $-16, %esp\\n sub $12, %esp\\n push %eax\\n call begin\\n");
    """

  /// If the kernel runs no 32-bit program, the shell says so in both runs.
  @Test(arguments: TracingMechanism.allCases)
  func `fork, vfork, exec, open, kill and exit`(_ mechanism: TracingMechanism) throws {
    #if arch(x86_64)
      let program = try CProgram.build(Self.program, flags: Self.flags)
      let command = ["sh", "-c", "\"$0\"; echo $?", program]
      let run = try expectSame(command, mechanism)
      guard run.outcome.standardOutput.hasPrefix("executed") else {
        try Test.cancel("the kernel runs no 32-bit programs")
      }
      #expect(
        run.outcome.standardOutput == """
          executed
          child 1
          shell
          child 2
          child 3
          child 4
          21

          """)
      // The shell, the program and its four children.
      #expect(run.report?.processes.count == 6)
      #expect(run.report?.processes.contains { $0.exit?.signal == 15 } == true)
    #endif
  }
}
