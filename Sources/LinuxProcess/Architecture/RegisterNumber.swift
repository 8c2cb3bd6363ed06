/// DWARF numbers of registers, as the architecture's psABI gives them.
package enum RegisterNumber {
  #if arch(x86_64)
    package static let stackPointer = 7
    package static let instructionPointer = 16
  #elseif arch(arm64)
    /// x30: the return address of a function that has saved nothing.
    package static let link = 30
    package static let stackPointer = 31
    package static let instructionPointer = 32
  #endif
}
