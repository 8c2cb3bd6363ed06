internal import Recording

/// What is wrong with a recording, for people.
enum RecordingTrouble {
  static func describe(_ error: RecordingVersionError, _ path: String) -> String {
    """
    \(path) has version \(error.version) of the format, written by spawntrace \(error.tool); \
    this is spawntrace \(Version.current), which reads versions up to \(RecordingFormat.version): \
    please use a newer one
    """
  }

  /// What was skipped and is missing, each a sentence without its full stop.
  static func notes(_ reader: borrowing RecordingReader) -> [String] {
    if reader.damagedLines > 0 {
      let lines =
        reader.damagedLines == 1
        ? "1 damaged line was" : "\(reader.damagedLines) damaged lines were"
      let events =
        reader.lostEvents == 1 ? "1 event is" : "\(reader.lostEvents) events are"
      return ["\(lines) skipped, and \(events) missing"]
    }
    if reader.lostEvents > 0 {
      return ["\(reader.lostEvents) events are missing in the middle of the recording"]
    }
    return []
  }
}
