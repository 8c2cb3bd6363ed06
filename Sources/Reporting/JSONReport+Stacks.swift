import Diagnostics
import JSON
import Multiprocessing
import TraceModel

extension JSONWriter {
  /// Writes a Python frame.
  mutating func frame(_ frame: PythonFrame) {
    object(.oneLine) { writer in
      writer.member("path", frame.path)
      writer.member("line", orNull: frame.line)
      writer.member("function", frame.shownName)
      writer.member("module", orNull: frame.module)
      writer.member("source", orNull: frame.source.map { PythonLine.trimmed($0.line) })
    }
  }

  /// Writes a native stack, innermost frame first. A Python frame among the native ones has a place
  /// and no symbol.
  mutating func nativeStack(_ stack: MixedStack?) {
    key("nativeStack")
    let frames: [MixedFrame] =
      switch stack {
      case nil: []
      case .merged(let frames, cut: _): frames
      case .separate(native: let native, python: _, reason: _): native.map { .native($0) }
      }
    array { writer in
      for frame in frames {
        writer.object(.oneLine) { writer in
          switch frame {
          case .native(let frame):
            writer.member("symbol", orNull: frame.symbol)
            writer.member("image", orNull: frame.image.map { String($0.lastPathComponent) })
            writer.member("offset", frame.offset)
          case .python(let frame):
            writer.member("symbol", orNull: String?.none)
            writer.member("image", orNull: String?.none)
            writer.member("path", frame.path)
            writer.member("line", orNull: frame.line)
            writer.member("function", frame.shownName)
          }
        }
      }
    }
  }
}
