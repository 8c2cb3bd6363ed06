/// Whether a process runs under the filter.
enum FilterState {
  case off
  /// One of its threads is to install the filter at its next stop.
  case due
  /// One of its threads is installing it.
  case installing
  case on
  case refused
}
