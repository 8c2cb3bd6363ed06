/// The offsets of the fields that lead to a stack, for one minor version of CPython in one variant.
///
/// All numbers are distances in bytes from the beginning of the structure. The values are
/// in `Offsets+Generated.swift`.
struct StructureOffsets: Hashable, Sendable {
  /// The build options, beside the version, that move fields.
  enum Variant: Hashable, Sendable {
    /// Nearly every build. `Py_DEBUG` alone moves no field since 3.8.
    case ordinary
    /// `Py_TRACE_REFS`: two pointers in front of each object. Debug builds have them up to 3.7;
    /// since 3.13 the references are traced without them.
    case tracedReferences
    /// `Py_GIL_DISABLED`, 3.13 and later.
    case freeThreaded
  }

  /// `PyInterpreterState`.
  struct Interpreter: Hashable, Sendable {
    var next: Int
    /// The newest thread state.
    var threads: Int
  }

  /// `PyThreadState`.
  struct Thread: Hashable, Sendable {
    /// The way from a thread state to its innermost frame.
    enum TopFrame: Hashable, Sendable {
      case direct(Int)
      /// 3.11 and 3.12: the thread state points to a `_PyCFrame`, and that to the frame.
      case throughCFrame(pointer: Int, frame: Int)
    }

    var next: Int
    /// `thread_id`: the value of `pthread_self()` in that thread.
    var identifier: Int
    /// `native_thread_id`: the kernel's number of the thread, from 3.11 on.
    var nativeIdentifier: Int?
    var topFrame: TopFrame
  }

  /// `PyFrameObject` up to 3.10, then `_PyInterpreterFrame`.
  struct Frame: Hashable, Sendable {
    /// The form in which a frame keeps the instruction that it executes.
    enum Position: Hashable, Sendable {
      /// `f_lasti`: an `int` that counts units of `unit` bytes from the code's beginning.
      case index(Int, unit: Int)
      /// `prev_instr` or `instr_ptr`: an address in the code.
      case pointer(Int)
    }

    var previous: Int
    var code: Int
    var globals: Int
    var position: Position
    /// A byte that distinguishes frames of Python code from the interpreter's own, from 3.12 on.
    var owner: Int?
    /// `tlbc_index`: which copy of the code is executed, in free-threaded builds from 3.14 on.
    var bytecodeIndex: Int?
    /// `f_localsplus` or `localsplus`: the local variables, from 3.6 on.
    var locals: Int?
    /// `f_trace`, up to 3.9: if it is set, `tracedLine` is the line.
    var trace: Int?
    /// `f_lineno`, up to 3.9.
    var tracedLine: Int?
  }

  /// `PyCodeObject`.
  struct Code: Hashable, Sendable {
    var filename: Int
    var name: Int
    /// `co_qualname`, from 3.11 on.
    var qualifiedName: Int?
    var firstLine: Int
    /// `co_lnotab` up to 3.9, then `co_linetable`.
    var lineTable: Int
    /// `co_code_adaptive`: where the instructions begin, in the code object itself, from 3.11 on.
    var bytecode: Int?
    /// `co_tlbc`: the threads' copies of the code, in free-threaded builds from 3.14 on.
    var threadBytecodes: Int?
  }

  /// `PyBytesObject`; in 2.7, where it is `str` as well, `PyStringObject`.
  struct Bytes: Hashable, Sendable {
    var size: Int
    var data: Int
  }

  /// `PyASCIIObject` and `PyCompactUnicodeObject`.
  struct Text: Hashable, Sendable {
    var length: Int
    var state: Int
    /// The bits of the 32-bit state that hold the size of a character: 1, 2 or 4.
    var kindMask: UInt32
    /// The bit that is set if the characters follow the header.
    var compactMask: UInt32
    var asciiMask: UInt32
    /// The size of the header of ASCII text.
    var asciiSize: Int
    /// The size of the header of other text. Text that isn't compact has a pointer behind it.
    var compactSize: Int
  }

  /// `PyDictObject`.
  enum Dictionary: Hashable, Sendable {
    /// 2.7: slots of hash, key and value; `mask` is the number of slots less one.
    case slots(mask: Int, table: Int)
    case keys(Int, values: Int)
  }

  /// `_PyRuntimeState.interpreters.head`; nil before 3.7.
  var runtimeInterpreters: Int?
  var interpreter: Interpreter
  var thread: Thread
  var frame: Frame
  var code: Code
  var bytes: Bytes
  /// nil in 2.7: there names are bytes.
  var text: Text?
  var dictionary: Dictionary
}
