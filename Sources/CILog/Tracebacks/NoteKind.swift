internal import Multiprocessing

/// Which exceptions are worth a note.
enum NoteKind {
  /// - Parameter text: The exception's line.
  static func kind(of text: String, _ frames: [FrameTraits]) -> LogFault.Kind? {
    let end = text.firstIndex(of: ":") ?? text.endIndex
    let name = text[..<end].split(separator: ".").last ?? ""
    let message = String(text[end...].drop { $0 == ":" || $0 == " " })
    if name == "BrokenProcessPool" { return .workerCrash }
    guard frames.contains(where: \.isOfMultiprocessing) else { return nil }
    let isSending = frames.contains {
      $0.path.hasSuffix("/reduction.py") || $0.path.hasSuffix("/queues.py")
    }
    switch name {
    case "PicklingError": return .unpicklable
    case "AttributeError", "TypeError":
      if message.hasPrefix("Can't pickle") || message.hasPrefix("Can't get local object")
        || message.hasPrefix("Can't get attribute")
      {
        return .unpicklable
      }
      if isSending, message.contains("annot pickle") || message.hasPrefix("can't pickle") {
        return .unpicklable
      }
      // A lookup since 3.14: `module '__mp_main__' has no attribute 'work'`.
      if name == "AttributeError", FailedLookup(message: message) != nil,
        frames.last?.isOfMultiprocessing == true
      {
        return .unpicklable
      }
      return nil
    default: return nil
    }
  }
}
