import Foundation
import TestSupport
import Testing

/// The calls of programs that ask for a file with another text.
struct OverlayCallTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write("tool.py", "original\n")
    try folder.write("other.py", "other\n")
  }

  private func run(_ command: [String]) throws -> OverlaidRun {
    try OverlaidRun(command, seeing: "edited\n", as: "tool.py", in: folder)
  }

  /// Runs a C program's `main` under the prelude, and expects what it prints.
  private func expect(
    _ program: String, prints expected: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = folder.listing
    let path = try CProgram.withPrelude(program)
    let run = try run([path])
    #expect(run.outcome.ending == "status 0", sourceLocation: sourceLocation)
    #expect(run.outcome.standardOutput == expected, sourceLocation: sourceLocation)
    #expect(folder.listing == before, sourceLocation: sourceLocation)
  }

  @Test func `programs of any kind read the text, by each name of the file`() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: folder.file("tool.py"))
    try FileManager.default.linkItem(atPath: folder.file("tool.py"), toPath: folder.file("hard"))
    let before = folder.listing
    let run = try run([
      "sh", "-c",
      "cat tool.py link hard ./tool.py \"$PWD/tool.py\" < /dev/null; cat < tool.py; cat other.py",
    ])
    #expect(run.outcome.standardOutput == String(repeating: "edited\n", count: 6) + "other\n")
    #expect(run.isHealthy)
    #expect(folder.listing == before)
  }

  @Test func `descriptors close on exec as asked, and have positions of their own`() throws {
    try expect(
      """
      #include <sys/mman.h>
      int main(void) {
        int kept = open("tool.py", O_RDONLY), closed = open("tool.py", O_RDONLY | O_CLOEXEC);
        printf("%d %d\\n", fcntl(kept, F_GETFD), fcntl(closed, F_GETFD));
        char one[8] = "", two[8] = "";
        need(read(kept, one, 3) == 3 && read(closed, two, 7) == 7);
        printf("%s %s", one, two);
        struct stat status, file;
        need(fstat(kept, &status) == 0 && stat("tool.py", &file) == 0);
        printf("regular %d, %d bytes, mode as the file's %d, time %d\\n", S_ISREG(status.st_mode),
               (int)status.st_size, (status.st_mode & 0777) == (file.st_mode & 0777),
               status.st_mtim.tv_nsec == file.st_mtim.tv_nsec);
        printf("%.6s\\n", (char *)mmap(NULL, 7, PROT_READ, MAP_PRIVATE, kept, 0));
        printf("%d\\n", (fcntl(kept, F_GETFL) & O_ACCMODE) == O_RDONLY);
        errno = 0;
        printf("%d ", (int)write(kept, "x", 1));
        puts(strerrorname_np(errno));
        char path[64];
        sprintf(path, "/proc/self/fd/%d", kept);
        int again = open(path, O_RDWR);
        printf("%d\\n", again < 0 || write(again, "x", 1) < 0);
      }
      """,
      prints: """
        0 1
        edi edited
        regular 1, 7 bytes, mode as the file's 1, time 1
        edited
        1
        -1 EBADF
        1

        """)
  }

  @Test func `each way of opening is answered, and none that doesn't read the file`() throws {
    try expect(
      """
      #include <sys/syscall.h>
      static void show(const char *name, int file) {
        char text[32] = "";
        if (file < 0) printf("%s: %s\\n", name, strerrorname_np(errno));
        else if (read(file, text, 31) < 0) printf("%s: %s\\n", name, strerrorname_np(errno));
        else printf("%s: %s", name, text);
      }
      static int open2(int folder, const char *name, uint64_t flags, uint64_t resolution) {
        uint64_t how[] = {flags, 0, resolution};
        return (int)syscall(437, folder, name, how, sizeof how);
      }
      int main(void) {
        char name[] = "tool.py";
        int folder = open(".", O_RDONLY | O_DIRECTORY);
        show("open", (int)syscall(SYS_open, name, O_RDONLY));
        show("openat", openat(AT_FDCWD, name, O_RDONLY | O_NOCTTY | O_NONBLOCK));
        show("openat2", open2(AT_FDCWD, name, O_RDONLY, 0));
        show("beneath", open2(folder, name, O_RDONLY, 8));
        show("in root", open2(folder, "/tool.py", O_RDONLY, 16));
        need(chdir("/") == 0);
        show("folder", openat(folder, name, O_RDONLY));
        show("openat2 folder", open2(folder, name, O_RDONLY | O_CLOEXEC, 0));
        show("other", openat(folder, "other.py", O_RDONLY));
        show("to write", openat(folder, name, O_RDWR));
        show("path only", openat(folder, name, O_PATH));
        show("as a folder", openat(folder, name, O_RDONLY | O_DIRECTORY));
        show("missing", openat(folder, "missing", O_RDONLY));
      }
      """,
      prints: """
        open: edited
        openat: edited
        openat2: edited
        beneath: edited
        in root: edited
        folder: edited
        openat2 folder: edited
        other: other
        to write: original
        path only: EBADF
        as a folder: ENOTDIR
        missing: ENOENT

        """)
  }

  @Test func `a thread without room for descriptors gets the error that it would have got`() throws
  {
    try expect(
      """
      #include <sys/resource.h>
      int main(void) {
        need(setrlimit(RLIMIT_NOFILE, &(struct rlimit){3, 3}) == 0);
        printf("%d ", open("tool.py", O_RDONLY));
        puts(strerrorname_np(errno));
      }
      """, prints: "-1 EMFILE\n")
  }

  @Test func `a module of the file is neither read from a cache nor written to one`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("__pycache__"), withIntermediateDirectories: false)
    try folder.write("__pycache__/tool.cpython-313.pyc", "cached\n")
    try folder.write("__pycache__/other.cpython-313.pyc", "cached\n")
    try folder.write("package/__pycache__/tool.cpython-313.pyc", "cached\n")
    try folder.write("package/tool.py", "another tool\n")
    try expect(
      """
      static void show(const char *name, int flags) {
        int file = open(name, flags, 0600);
        puts(file < 0 ? strerrorname_np(errno) : "opened");
        if (flags & O_CREAT && file >= 0) need(unlink(name) == 0);
      }
      int main(void) {
        show("__pycache__/tool.cpython-313.pyc", O_RDONLY);
        show("__pycache__/tool.cpython-313.opt-1.pyc.17", O_WRONLY | O_CREAT | O_EXCL);
        show("tool.pyc", O_WRONLY | O_CREAT);
        show("__pycache__/other.cpython-313.pyc", O_RDONLY);
        show("package/__pycache__/tool.cpython-313.pyc", O_RDONLY);
        struct stat time;
        need(stat("package/__pycache__", &time) == 0);
        show("package/__pycache__/tool.cpython-313.pyc.17", O_WRONLY | O_CREAT | O_EXCL);
        struct timespec times[] = {time.st_atim, time.st_mtim};
        need(utimensat(AT_FDCWD, "package/__pycache__", times, 0) == 0);
      }
      """, prints: "ENOENT\nEACCES\nEACCES\nopened\nopened\nopened\n")
  }

  @Test func `no folder for cached modules is made beside the file`() throws {
    try expect(
      """
      static void make(const char *name) {
        int made = mkdir(name, 0700);
        puts(made < 0 ? strerrorname_np(errno) : "made");
        if (made == 0) need(rmdir(name) == 0);
      }
      int main(void) {
        struct stat time;
        need(stat(".", &time) == 0);
        make("__pycache__");
        need(mkdir("package", 0700) == 0);
        make("package/__pycache__");
        make("package");
        need(rmdir("package") == 0);
      }
      """, prints: "EACCES\nmade\nEEXIST\n")
  }

  @Test func `signals and stops interrupt no open, and threads and children see the text`() throws {
    try expect(
      """
      static atomic_int wrong, done;
      static void hear(int signal) {}
      static void read_often(void) {
        for (int i = 0; i < 300; i++) {
          char text[16] = "";
          int file = open(i % 2 ? "tool.py" : "./tool.py", O_RDONLY | (i % 3 ? O_CLOEXEC : 0));
          if (file < 0 || read(file, text, 15) != 7 || strcmp(text, "edited\\n") != 0) wrong++;
          close(file);
        }
      }
      static void *reader(void *unused) {
        read_often();
        done++;
        return NULL;
      }
      static void *stopper(void *unused) {
        sigset_t alarm;
        sigemptyset(&alarm);
        sigaddset(&alarm, SIGALRM);
        pthread_sigmask(SIG_BLOCK, &alarm, NULL);
        while (done < 3) {
          pid_t child = fork();
          if (child == 0) {
            read_often();
            _exit(wrong != 0);
          }
          kill(child, SIGSTOP);
          usleep(500);
          kill(child, SIGCONT);
          if (waited(child, 0) != 0) wrong++;
        }
        return NULL;
      }
      int main(void) {
        // Without SA_RESTART a call that waits would fail.
        sigaction(SIGALRM, &(struct sigaction){.sa_handler = hear}, NULL);
        struct itimerval often = {{0, 300}, {0, 300}};
        setitimer(ITIMER_REAL, &often, NULL);
        pthread_t threads[4];
        for (int i = 0; i < 4; i++)
          need(pthread_create(&threads[i], NULL, i < 3 ? reader : stopper, NULL) == 0);
        for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
        printf("%d wrong\\n", wrong);
      }
      """, prints: "0 wrong\n")
  }

  @Test func `a file that was replaced is another file`() throws {
    let run = try run(["sh", "-c", "cat tool.py; mv other.py tool.py; cat tool.py"])
    #expect(run.outcome.standardOutput == "edited\nother\n")
  }

  @Test func `a program in another root finds the file by its own paths`() throws {
    try folder.write("root/tool/tool.py", "original\n")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("root/link.py"), withDestinationPath: "/tool/tool.py")
    let program = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        need(unshare(CLONE_NEWUSER) == 0 && chroot("root") == 0 && chdir("/") == 0);
        for (int i = 1; i < count; i++) {
          char text[32] = "";
          int file = open(arguments[i], O_RDONLY);
          need(file >= 0 && read(file, text, 31) > 0);
          printf("%s", text);
        }
      }
      """)
    let run = try OverlaidRun(
      [program, "/tool/tool.py", "tool/tool.py", "/link.py", "/../tool/tool.py"],
      seeing: "edited\n", as: "root/tool/tool.py", in: folder)
    #expect(run.outcome.standardOutput == String(repeating: "edited\n", count: 4))
    #expect(run.outcome.ending == "status 0")
  }
}
