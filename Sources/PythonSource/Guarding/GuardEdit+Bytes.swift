extension GuardEdit {
  /// Bytes that become others. An empty range inserts.
  package struct ByteChange: Hashable, Sendable {
    package var range: Range<Int>
    package var replacement: [UInt8]
  }

  /// The same changes by offsets in the file.
  package func byteChanges(in file: PythonFile) -> [ByteChange] {
    edits.map { edit in
      ByteChange(
        range: file.offset(ofLine: edit.startLine)..<file.offset(ofLine: edit.endLine + 1),
        replacement: edit.replacement)
    }
  }
}
