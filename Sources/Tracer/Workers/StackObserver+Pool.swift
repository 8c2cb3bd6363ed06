internal import ELFImage
internal import Multiprocessing
internal import PythonStack
internal import TraceModel

// What a Pool's own variables say about its jobs.
extension StackObserver {
  /// The number of the job that a Pool's worker has in its hands, by the stack that was read last.
  func job(of frames: [PythonFrame], _ image: ProcessImage) -> Int? {
    guard let interpreter = image.interpreter,
      let frame = frames.firstIndex(where: { $0.plays(.servesPool) })
    else { return nil }
    var memory = memory
    return image.stackReader.integer(
      ofVariable: PoolVariable.job, like: PoolVariable.completed, inFrame: frame,
      in: interpreter, memory: &memory)
  }

  /// The object that a variable refers to in the first frame that is wanted, of the stack that was
  /// read last.
  func object(
    _ variable: Int, in frames: [PythonFrame], _ image: ProcessImage,
    where isWanted: (PythonFrame) -> Bool
  ) -> UInt64? {
    guard let interpreter = image.interpreter, let frame = frames.firstIndex(where: isWanted)
    else { return nil }
    var memory = memory
    return image.stackReader.object(
      ofVariable: variable, inFrame: frame, in: interpreter, memory: &memory)
  }

  /// The results that a Pool's cache holds, by their jobs; nil if it can't be read.
  func results(inCache address: UInt64, _ image: ProcessImage) -> [Int: UInt64]? {
    guard let interpreter = image.interpreter else { return nil }
    var memory = memory
    return image.stackReader.integerKeys(
      ofDictionary: address, in: interpreter, memory: &memory)
  }
}
