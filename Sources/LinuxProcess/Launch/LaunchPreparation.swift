/// What a launched command finds besides its filter.
package enum LaunchPreparation: Hashable, Sendable {
  case none
  /// Its calls can be answered with descriptors, or else nothing is executed.
  case answersWithDescriptors
  /// It sees files in the place of others, in a mount namespace of its own, and has these variables
  /// in its environment besides those of this process.
  case mounts([FileMount], variables: [EnvironmentVariable])

  package struct FileMount: Hashable, Sendable {
    package var source: String
    package var target: String

    package init(source: String, target: String) {
      self.source = source
      self.target = target
    }
  }

  package struct EnvironmentVariable: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }
}
