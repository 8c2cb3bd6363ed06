/// The names under which a main program's module runs (`__name__`).
package enum MainModule {
  /// In the process that was started with it.
  package static let name = "__main__"
  /// In a worker that imports it again (Lib/multiprocessing/spawn.py, `_fixup_main_from_path`).
  package static let nameInWorker = "__mp_main__"
}
