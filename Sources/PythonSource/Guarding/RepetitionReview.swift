/// What stays above the guarded statements, and so is executed again in each worker.
///
/// A definition, an import or a constant is the same each time. A call may not be: it prints, writes
/// or removes files, starts a thread, or gives another value. Which calls are harmless is known of
/// some by their names; all others are worth a look.
struct RepetitionReview {
  private let file: PythonFile
  private(set) var doubts: [GuardEdit.Doubt] = []
  /// Names that definitions read.
  private let read: Set<Int32>

  init(_ selection: Selection) {
    file = selection.file
    var read = Set<Int32>()
    for statement in file.contents
    where statement.kind == .function || statement.kind == .classDefinition {
      read.formUnion(statement.uses.lazy.filter(\.isDeferred).map(\.name))
    }
    self.read = read
    // A call in an import's place says nothing of what stands above.
    guard selection.effect == nil else { return }
    for unit in selection.units[..<selection.culprit] {
      for statement in file.contents[unit.statements] where statement.kind == .other {
        examine(statement)
      }
    }
  }

  private mutating func examine(_ statement: Statement) {
    if file.isBlockOfDefinitions(statement) || file.setting(of: statement) != nil { return }
    let names = callees(of: statement)
    let isBinding = statement.lines.count == 1 && !statement.binds.isEmpty
    if isBinding {
      if names.contains(where: { Self.shared.contains($0) }),
        let name = statement.binds.first(where: { read.contains($0) })
      {
        doubts.append(
          .ownCopy(name: file.list.names.string(of: name), line: statement.firstLine))
      } else if names.contains(where: { Self.changing.contains($0) }) || readsInput(statement) {
        doubts.append(.repeats(line: statement.firstLine))
      }
    } else if names.contains(where: { !Self.harmless.contains($0) }) {
      doubts.append(.repeats(line: statement.firstLine))
    }
  }

  /// The last names of what is called.
  private func callees(of statement: Statement) -> Set<String> {
    var names = Set<String>()
    let tokens = file.list.tokens
    for index in statement.tokens.dropFirst() where tokens[index].kind == .parenOpen {
      let callee = tokens[index - 1]
      if callee.kind == .name {
        names.insert(file.list.names.string(of: callee.name))
      } else if callee.isOperand {
        // The result of another call is called.
        names.insert("()")
      }
    }
    return names
  }

  private func readsInput(_ statement: Statement) -> Bool {
    guard let stdin = file.list.names.number(ifKnown: Array("stdin".utf8)[...]) else {
      return false
    }
    return file.list.tokens[statement.tokens].contains { $0.kind == .name && $0.name == stdin }
  }

  /// Objects that processes share only if they are handed on (multiprocessing, "Sharing state
  /// between processes").
  private static let shared: Set<String> = [
    "Array", "Barrier", "BoundedSemaphore", "Condition", "Event", "JoinableQueue", "Lock",
    "Manager",
    "Pipe", "Queue", "RLock", "RawArray", "RawValue", "Semaphore", "SimpleQueue", "Value",
  ]

  /// Functions whose result is another one in each process, or that change something outside.
  private static let changing: Set<String> = [
    "NamedTemporaryFile", "Popen", "TemporaryDirectory", "Thread", "Timer", "check_call",
    "check_output", "choice", "connect", "getpid", "input", "mkdtemp", "mkstemp", "now", "rand",
    "randint", "randn", "random", "randrange", "sample", "socket", "system", "time", "time_ns",
    "today", "token_bytes", "token_hex", "uniform", "urandom", "utcnow", "uuid1", "uuid4",
  ]

  /// Functions that return something and change nothing, and settings that each process needs.
  private static let harmless: Set<String> = [
    "Path", "abs", "abspath", "add", "addHandler", "add_argument", "add_option", "alarm", "append",
    "basename", "basicConfig", "bool", "dict", "dirname", "endswith", "enumerate", "exists",
    "extend",
    "filter", "filterwarnings", "float", "format", "freeze_support", "get", "getLogger", "getattr",
    "getenv", "hasattr", "insert", "int", "is_dir", "is_file", "isdir", "isfile", "isinstance",
    "items", "join", "keys", "len", "list", "lower", "map", "max", "min", "range", "register",
    "replace", "resolve", "seed", "set", "setLevel", "set_defaults", "setdefault", "setlocale",
    "setrecursionlimit", "simplefilter", "sorted", "split", "startswith", "str", "strip", "sum",
    "tuple", "update", "upper", "use", "values", "zip",
  ]
}
