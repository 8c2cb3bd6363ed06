import Foundation
import LinuxProcess
import TestSupport
import TraceModel

@testable import NativeStack

/// The readers that a test uses on a traced program.
final class NativeProgram {
  let reader: NativeStackReader
  let memory = PagedMemory()

  init(usesMapFiles: Bool = true) {
    reader = NativeStackReader(usesMapFiles: usesMapFiles)
  }

  /// The stack of a thread in its stop.
  func stack(_ stop: LiveStop) -> NativeStackReading {
    guard let registers = StoppedThread(id: stop.thread).registers() else {
      return NativeStackReading(frames: [], cut: .damaged(code: 0))
    }
    memory.begin(stop.thread)
    return reader.read(
      of: stop.thread, process: stop.process, registers: registers, memory: memory)
  }

  /// Runs a program up to a stop, and returns the stack there; nil if the stop doesn't come.
  static func stack(
    _ command: [String], root: String? = nil, usesMapFiles: Bool = true,
    at isWanted: (LiveStop) -> Bool = { $0.kind == .signal(SIGUSR1) },
    before prepare: () -> Void = {}
  ) throws -> NativeStackReading? {
    let program = NativeProgram(usesMapFiles: usesMapFiles)
    var result: NativeStackReading?
    try LiveTrace.run(command, root: root) { stop in
      // The cache is of another program.
      if stop.kind == .exec { program.reader.forget(process: stop.process) }
      guard isWanted(stop) else { return .resume }
      prepare()
      result = program.stack(stop)
      return .end
    }
    return result
  }
}

extension NativeStackReading {
  /// The names of the functions, with `?` for those without one.
  var symbols: [String] {
    frames.map { $0.frame.symbol ?? "?" }
  }

  /// Whether the stack contains these names in this order, possibly with others between them.
  func contains(_ names: [String]) -> Bool {
    var rest = symbols[...]
    for name in names {
      guard let index = rest.firstIndex(of: name) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }
}

/// C programs with known stacks.
enum Programs {
  /// `main` calls `outer`, which calls `middle`, which calls `inner`, which sends itself SIGUSR1.
  static let nested = """
    #include <signal.h>
    #include <unistd.h>
    #include <sys/syscall.h>
    #define PLAIN __attribute__((noinline, noclone))
    static volatile int sink;
    PLAIN static void inner(int n) { char room[200]; room[n & 7] = 1; raise(SIGUSR1); sink = room[0]; }
    PLAIN static void middle(int n) { inner(n + 1); sink++; }
    PLAIN static void outer(int n) { middle(n + 1); sink++; }
    int main(int argc, char **argv) { (void)argv; outer(argc); return 0; }
    """

  /// Starts a process with the function of the C library that its argument names: `system`,
  /// `popen`, `posix_spawn`, `vfork` or `fork`.
  static let starter = """
    #include <spawn.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/wait.h>
    #include <unistd.h>
    extern char **environ;
    static volatile int sink;
    __attribute__((noinline, noclone)) static void start(const char *way) {
      pid_t child = 0;
      char *arguments[] = {"/bin/true", NULL};
      if (!strcmp(way, "system")) sink = system("true");
      if (!strcmp(way, "popen")) sink = pclose(popen("true", "r"));
      if (!strcmp(way, "posix_spawn")) posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ);
      if (!strcmp(way, "fork")) { child = fork(); if (!child) _exit(0); }
      if (!strcmp(way, "vfork")) { child = vfork(); if (!child) _exit(0); }
      if (child > 0) waitpid(child, NULL, 0);
      sink++;
    }
    int main(int argc, char **argv) { start(argc > 1 ? argv[1] : ""); return 0; }
    """

  /// Starts a thread that sends itself SIGUSR1 in `work`.
  static let threads = """
    #include <pthread.h>
    #include <signal.h>
    static volatile int sink;
    __attribute__((noinline, noclone)) static void work(void) { raise(SIGUSR1); sink++; }
    static void *run(void *argument) { work(); sink++; return argument; }
    int main(void) {
      pthread_t thread;
      pthread_create(&thread, 0, run, 0);
      pthread_join(thread, 0);
      return 0;
    }
    """

  /// Has a signal handler that runs on a stack of its own and sends itself SIGUSR1.
  static let handler = """
    #include <signal.h>
    #include <stdlib.h>
    static volatile int sink;
    static void handle(int signal) { (void)signal; raise(SIGUSR1); sink++; }
    __attribute__((noinline, noclone)) static void interrupted(void) { raise(SIGUSR2); sink++; }
    int main(void) {
      stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
      sigaltstack(&stack, 0);
      struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
      sigaction(SIGUSR2, &action, 0);
      interrupted();
      return 0;
    }
    """

  /// Calls itself 2000 times.
  static let deep = """
    #include <signal.h>
    static volatile int sink;
    __attribute__((noinline, noclone)) static int dive(int n) {
      if (n == 0) raise(SIGUSR1); else sink = dive(n - 1);
      return sink + n;
    }
    int main(void) { return dive(2000) & 1; }
    """

  /// Sends itself SIGUSR1, then loads the library that its argument names and calls `call_back` in
  /// it.
  static let loader = """
    #include <dlfcn.h>
    #include <signal.h>
    static volatile int sink;
    static void stop(void) { raise(SIGUSR1); sink++; }
    int main(int argc, char **argv) {
      if (argc < 2) return 1;
      stop();
      void *library = dlopen(argv[1], RTLD_NOW);
      if (!library) return 2;
      void (*call)(void (*)(void)) = (void (*)(void (*)(void)))dlsym(library, "call_back");
      call(stop);
      sink++;
      return 0;
    }
    """

  static let library = """
    static volatile int sink;
    void call_back(void (*function)(void));
    void call_back(void (*function)(void)) { function(); sink++; }
    """

  /// Calls back from code without an unwind table, which is in memory without a file.
  static let generated = """
    #include <signal.h>
    #include <string.h>
    #include <sys/mman.h>
    static volatile int sink;
    static void stop(void) { raise(SIGUSR1); sink++; }
    int main(void) {
      unsigned char code[] = {0x48, 0x83, 0xec, 0x08, 0xff, 0xd7, 0x48, 0x83, 0xc4, 0x08, 0xc3};
      void *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      memcpy(page, code, sizeof code);
      ((void (*)(void (*)(void)))page)(stop);
      sink++;
      return 0;
    }
    """
}
