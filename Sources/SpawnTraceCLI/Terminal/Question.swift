internal import Glibc
internal import LinuxProcess
internal import Reporting
internal import Runs

/// A question on the terminal. Standard input is the program's own.
struct Question {
  private let descriptor: Int32

  var rawDescriptor: Int32 { descriptor }

  /// The terminal of this process (tty(4)); nil if there is none.
  static let terminal: Question? = {
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    return descriptor < 0 ? nil : Question(descriptor: descriptor)
  }()

  /// Asks, and waits for a line or for a signal, which means no.
  func agrees(to question: String, _ front: Front) -> Bool {
    // What was typed before the question is no answer to it.
    tcflush(descriptor, TCIFLUSH)
    let text = TerminalText(question: "spawntrace: " + question, unicode: ColorChoice.isUnicode)
    try? OutputFile(descriptor: descriptor).write(text.text)
    var polled = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: front.rawDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      guard poll(&polled, 2, -1) >= 0 || errno == EINTR else { return false }
      if polled[1].revents != 0 {
        switch front.nextMessage() {
        case .signal(let signal) where [SIGINT, SIGTERM, SIGHUP, SIGQUIT].contains(signal.number):
          return false
        case .gone: return false
        case .signal, nil: break
        }
      }
      if polled[0].revents != 0 {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return false }
        let answer = String(decoding: bytes.prefix(count), as: UTF8.self).lowercased()
        return ["y", "yes"].contains(answer.split(whereSeparator: \.isNewline).first)
      }
    }
  }
}
