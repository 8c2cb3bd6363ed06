/// Something that can be opened and read, more than once.
package protocol OpenableFile {
  func open() throws(InputError) -> any ByteSource
}

/// A file with a path.
package struct NamedFile: OpenableFile {
  private let path: String

  package init(path: String) {
    self.path = path
  }

  package func open() throws(InputError) -> any ByteSource {
    try FileSource(path: path)
  }
}
