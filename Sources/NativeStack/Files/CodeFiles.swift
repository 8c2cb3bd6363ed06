/// The knowledge about code that holds for all processes that run it.
final class CodeFiles {
  let store: ImageStore
  /// libunwind's cache; nil if there was no memory for it.
  let space = UnwindSpace()
  var positions = CodePositionCache()

  init(store: ImageStore) {
    self.store = store
  }
}
