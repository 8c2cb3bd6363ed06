/// What is known of code, whatever process runs it.
final class CodeFiles {
  let store: ImageStore
  /// nil where there was no memory for it.
  let space = UnwindSpace()
  var places = PlaceCache()

  init(store: ImageStore) {
    self.store = store
  }
}
