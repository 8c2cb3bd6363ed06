import Foundation
import TestSupport
import Testing
import TraceModel

@testable import NativeStack

/// The stacks of C programs, each read in a stop.
struct ProgramTests {
  private static let nestedNames = ["inner", "middle", "outer", "main", "_start"]

  @Test(arguments: [["-pie", "-fPIE"], ["-no-pie"], ["-O2"]])
  func `nested functions are in order`(flags: [String]) throws {
    let path = try CProgram.build(Programs.nested, flags: flags)
    let stack = try #require(try NativeProgram.stack([path]))
    #expect(stack.cut == nil)
    #expect(stack.contains(["inner", "middle", "outer", "main", "_start"]), "\(stack.symbols)")
    let main = try #require(stack.frames.first { $0.frame.symbol == "main" })
    #expect(main.frame.image == path)
    #expect(main.frame.offset > 0 && main.frame.offset < 100)
    // Stack pointers rise outward.
    let pointers = stack.frames.map(\.stackPointer)
    #expect(pointers == pointers.sorted())
  }

  /// GCC gives statically linked programs an unwind table without an index.
  @Test func `program without index is read`() throws {
    let path = try CProgram.build(Programs.nested, flags: ["-static", "-Wl,--no-eh-frame-hdr"])
    let stack = try #require(try NativeProgram.stack([path]))
    #expect(stack.cut == nil)
    #expect(stack.contains(Self.nestedNames), "\(stack.symbols)")
  }

  @Test func `functions without table end the stack`() throws {
    let path = try CProgram.build(
      Programs.nested, flags: ["-fno-asynchronous-unwind-tables", "-fno-unwind-tables"])
    let stack = try #require(try NativeProgram.stack([path]))
    #expect(stack.cut == .noUnwindTable(image: path))
    #expect(stack.symbols.last == "inner")
  }

  /// A child of fork has the code of its parent, so its mappings aren't read anew.
  @Test func `child of fork is read with the cache of its parent`() throws {
    let path = try CProgram.build(Programs.starter)
    let program = NativeProgram()
    var child: ThreadID?
    var result: NativeStackReading?
    try LiveTrace.run([path, "fork"]) { stop in
      if stop.kind == .exec { program.reader.forget(process: stop.process) }
      if stop.kind == .fork {
        let created = ThreadID(rawValue: Int32(stop.message))
        child = created
        _ = program.stack(stop)
        program.reader.inherit(child: ProcessID(firstThread: created), from: stop.process)
      } else if stop.thread == child {
        result = program.stack(stop)
        return .end
      }
      return .resume
    }
    let stack = try #require(result)
    #expect(stack.cut == nil)
    #expect(stack.contains(["fork", "start", "main", "_start"]), "\(stack.symbols)")
  }

  @Test func `stack is the same without map files`() throws {
    let path = try CProgram.build(Programs.nested)
    let stack = try #require(try NativeProgram.stack([path], usesMapFiles: false))
    #expect(stack.cut == nil)
    #expect(stack.contains(Self.nestedNames), "\(stack.symbols)")
  }

  @Test func `stripped program has frames without names`() throws {
    let path = try CProgram.build(Programs.nested, flags: ["-s"])
    let stack = try #require(try NativeProgram.stack([path]))
    #expect(stack.cut == nil)
    let own = stack.frames.filter { $0.frame.image == path }
    // inner, middle, outer, main, _start: none of them is exported, and none is guessed.
    #expect(own.map(\.frame.symbol) == [nil, nil, nil, nil, nil])
    for frame in own {
      #expect(frame.frame.offset > 0 && frame.frame.offset < 0x10000)
    }
  }

  @Test(arguments: [true, false])
  func `deleted program is read`(usesMapFiles: Bool) throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/gone"
    try copyProgram(CProgram.build(Programs.nested), to: path)
    let stack = try NativeProgram.stack(
      [path], usesMapFiles: usesMapFiles,
      before: {
        try? FileManager.default.removeItem(atPath: path)
      })
    #expect(stack?.contains(Self.nestedNames) == true, "\(stack?.symbols ?? [])")
    #expect(stack?.frames.last?.frame.image == path + " (deleted)")
  }

  /// Another program now has the name of the old one, and its symbols would be wrong.
  @Test(arguments: [true, false])
  func `replaced program is not taken for the other`(usesMapFiles: Bool) throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/replaced"
    let library = folder.path + "/library.so"
    try copyProgram(CProgram.build(Programs.loader), to: path)
    try FileManager.default.copyItem(
      atPath: CProgram.build(Programs.library, flags: ["-shared", "-fPIC"]), toPath: library)
    let other = try CProgram.build(Programs.nested)
    var count = 0
    let stack = try NativeProgram.stack([path, library], usesMapFiles: usesMapFiles) { stop in
      guard stop.kind == .signal(SIGUSR1) else { return false }
      count += 1
      return count == 2
    } before: {
      for name in [path, library] {
        try? FileManager.default.removeItem(atPath: name)
        try? FileManager.default.copyItem(atPath: other, toPath: name)
      }
    }
    let reading = try #require(stack)
    if usesMapFiles {
      #expect(reading.contains(["stop", "call_back", "main", "_start"]), "\(reading.symbols)")
      #expect(reading.cut == nil)
    } else {
      // The program is found through /proc/PID/exe. The library can't be found, and isn't guessed.
      #expect(reading.symbols.last == "?", "\(reading.symbols)")
      #expect(reading.cut == .noUnwindTable(image: library + " (deleted)"))
    }
  }

  @Test func `library that is loaded later is found`() throws {
    let library = try CProgram.build(Programs.library, flags: ["-shared", "-fPIC"])
    let path = try CProgram.build(Programs.loader)
    let program = NativeProgram()
    var stacks: [NativeStackReading] = []
    try LiveTrace.run([path, library]) { stop in
      if stop.kind == .exec { program.reader.forget(process: stop.process) }
      guard stop.kind == .signal(SIGUSR1) else { return .resume }
      stacks.append(program.stack(stop))
      return .resume
    }
    try #require(stacks.count == 2)
    #expect(!stacks[0].symbols.contains("call_back"))
    #expect(stacks[1].contains(["stop", "call_back", "main", "_start"]), "\(stacks[1].symbols)")
    #expect(stacks.map(\.cut) == [nil, nil])
  }

  @Test func `thread ends at its beginning`() throws {
    let path = try CProgram.build(Programs.threads)
    let stack = try #require(try NativeProgram.stack([path]))
    #expect(stack.cut == nil)
    #expect(stack.contains(["work", "run"]), "\(stack.symbols)")
    #expect(!stack.symbols.contains("main"))
  }

  @Test func `handler leads to the interrupted function`() throws {
    let path = try CProgram.build(Programs.handler)
    let program = NativeProgram()
    var result: NativeStackReading?
    try LiveTrace.run([path]) { stop in
      guard stop.kind == .signal(SIGUSR1) else { return .deliver }
      result = program.stack(stop)
      return .end
    }
    let stack = try #require(result)
    #expect(stack.cut == nil)
    #expect(stack.contains(["handle", "interrupted", "main", "_start"]), "\(stack.symbols)")
  }

  @Test func `deep stack is bounded`() throws {
    let path = try CProgram.build(Programs.deep, flags: ["-fno-optimize-sibling-calls"])
    let stack = try #require(try NativeProgram.stack([path]))
    #expect(stack.cut == .tooDeep(512))
    #expect(stack.frames.count == 512)
    #expect(stack.symbols.last == "dive")
  }

  /// libunwind would follow RBP and take the value there for a caller.
  @Test func `code without table ends the stack`() throws {
    let path = try CProgram.build(Programs.generated)
    let stack = try #require(try NativeProgram.stack([path]))
    #expect(stack.cut == .noUnwindTable(image: nil))
    #expect(stack.symbols.suffix(2) == ["stop", "?"])
  }

  @Test(arguments: ["system", "popen", "posix_spawn", "fork", "vfork"])
  func `processes started by the C library`(way: String) throws {
    let path = try CProgram.build(Programs.starter)
    let stack = try NativeProgram.stack([path, way]) { stop in
      [.fork, .vfork, .clone].contains(stop.kind)
    }
    let reading = try #require(stack)
    #expect(reading.cut == nil)
    // `system` jumps to a function that isn't exported.
    let leaf = way == "system" ? "posix_spawn" : way
    #expect(reading.contains([leaf, "start", "main", "_start"]), "\(reading.symbols)")
  }

  /// The child of posix_spawn has a stack of its own, which begins in the C library.
  @Test func `child of spawn does not look like its parent`() throws {
    let path = try CProgram.build(Programs.starter)
    let program = NativeProgram()
    var child: ThreadID?
    var stacks: [NativeStackReading] = []
    try LiveTrace.run([path, "posix_spawn"]) { stop in
      if [.fork, .vfork, .clone].contains(stop.kind) {
        let created = ThreadID(rawValue: Int32(stop.message))
        child = created
        _ = program.stack(stop)
        program.reader.inherit(child: ProcessID(firstThread: created), from: stop.process)
      } else if stop.thread == child {
        stacks.append(program.stack(stop))
        return .end
      }
      return .resume
    }
    let stack = try #require(stacks.first)
    #expect(stack.cut == .newThread)
    #expect(stack.frames.count == 1)
  }

  @Test(.enabled(if: getuid() == 0), arguments: [true, false])
  func `program in another root is found`(usesMapFiles: Bool) throws {
    let folder = try ScratchFolder()
    let program = try CProgram.build(Programs.nested)
    let linked = try ChildProcess.run(["ldd", program]).standardOutput
    let libraries = linked.split(whereSeparator: { " \t\n".contains($0) }).filter {
      $0.hasPrefix("/")
    }
    try #require(!libraries.isEmpty)
    for (source, target) in [(program, "/program")] + libraries.map({ (String($0), String($0)) }) {
      let file = folder.path + target
      try FileManager.default.createDirectory(
        atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
        withIntermediateDirectories: true)
      try copyProgram(URL(fileURLWithPath: source).resolvingSymlinksInPath().path, to: file)
    }
    let stack = try #require(
      try NativeProgram.stack(["/program"], root: folder.path, usesMapFiles: usesMapFiles))
    #expect(stack.cut == nil)
    #expect(stack.contains(Self.nestedNames), "\(stack.symbols)")
    #expect(stack.frames.last?.frame.image?.hasSuffix("/program") == true)
  }
}
