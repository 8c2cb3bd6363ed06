/// An input beside others, one of which it may belong to.
struct ListedEntry {
  var input: ListedInput
  /// The name of the folder or archive that it was found in; nil if the user named it.
  var folder: String?
  var isCompressed: Bool

  init(_ name: String, _ origin: ListedInput.Origin, folder: String?, _ isCompressed: Bool) {
    input = ListedInput(name: name, origin: origin)
    self.folder = folder
    self.isCompressed = isCompressed
  }
}
