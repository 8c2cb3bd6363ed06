package import TraceModel

// Events and fixes: every path, text and line of a program in them.
extension Redactor {
  /// Returns an event without its secrets.
  package func event(_ event: Event) -> Event {
    var event = event
    event.kind = redacted(event.kind)
    redact(&event.stack)
    redact(&event.mainStack)
    switch event.nativeStack {
    case .merged(let frames, let cut):
      event.nativeStack = .merged(
        frames.map { frame in
          switch frame {
          case .native(let frame): .native(redacted(frame))
          case .python(let frame): .python(redacted(frame))
          }
        }, cut: cut)
    case .separate(let native, let python, let reason):
      event.nativeStack = .separate(
        native: native.map(redacted), python: python.map(redacted), reason: reason)
    case nil: break
    }
    return event
  }

  private func redacted(_ kind: Event.Kind) -> Event.Kind {
    switch kind {
    case .executed(var execution):
      execution.arguments = arguments(execution.arguments, of: execution.executable)
      execution.executable = path(execution.executable)
      execution.workingDirectory = path(execution.workingDirectory)
      if var script = execution.script {
        script.path = path(script.path)
        execution.script = script
      }
      execution.test = execution.test.map(text)
      execution.environment = execution.environment.map(hashed)
      return .executed(execution)
    case .wrote(var written):
      written.text = self.written(written.text)
      written.definition = written.definition.map { definition in
        SourceDefinition(
          path: path(definition.path), place: definition.place,
          source: definition.source.map(redacted))
      }
      return .wrote(written)
    case .opened(var open):
      open.path = path(open.path)
      open.exits = open.exits.map(redacted)
      return .opened(open)
    case .bound(let address): return .bound(SocketAddress(path: path(address.path)))
    case .connected(let address): return .connected(SocketAddress(path: path(address.path)))
    case .surveyed(let activity): return .surveyed(redacted(activity))
    case .blinded(let reason): return .blinded(text(reason))
    default: return kind
    }
  }

  private func redacted(_ activity: ThreadActivity) -> ThreadActivity {
    var activity = activity
    activity.name = text(activity.name)
    if case .waiting(var wait) = activity.state {
      for index in wait.objects.indices {
        wait.objects[index].name = wait.objects[index].name.map(path)
      }
      activity.state = .waiting(wait)
    }
    return activity
  }

  // MARK: Stacks

  private func redact(_ reading: inout StackReading?) {
    guard case .read(var stack) = reading else { return }
    stack.frames = stack.frames.map(redacted)
    reading = .read(stack)
  }

  private func redacted(_ frame: PythonFrame) -> PythonFrame {
    var frame = frame
    frame.path = path(frame.path)
    frame.function = path(frame.function)
    frame.qualifiedName = frame.qualifiedName.map(path)
    frame.module = frame.module.map(path)
    frame.source = frame.source.map(redacted)
    return frame
  }

  private func redacted(_ frame: NativeFrame) -> NativeFrame {
    var frame = frame
    frame.image = frame.image.map(path)
    frame.symbol = frame.symbol.map(path)
    return frame
  }

  private func redacted(_ excerpt: SourceExcerpt) -> SourceExcerpt {
    var excerpt = excerpt
    excerpt.line = source(excerpt.line)
    if let statement = excerpt.statement { excerpt.statement = redacted(statement) }
    if !excerpt.methodLines.isEmpty { excerpt.methodLines = excerpt.methodLines.map(redacted) }
    return excerpt
  }

  private func redacted(_ statement: SourceExcerpt.Statement) -> SourceExcerpt.Statement {
    .init(number: statement.number, line: source(statement.line))
  }

  // MARK: Fixes

  /// Returns a fix without secrets. If it had one, the fix isn't whole any more, and says so.
  package func fix(_ fix: ProposedFix) -> ProposedFix {
    var fix = fix
    fix.path = path(fix.path)
    for index in fix.doubts.indices {
      fix.doubts[index].path = fix.doubts[index].path.map(path)
      fix.doubts[index].name = fix.doubts[index].name.map(path)
    }
    for index in fix.files.indices {
      fix.files[index].path = path(fix.files[index].path)
      for hunk in fix.files[index].hunks.indices {
        var number = fix.files[index].hunks[hunk].startLine
        fix.files[index].hunks[hunk].lines = fix.files[index].hunks[hunk].lines.map { line in
          let text = source(line.text)
          if text != line.text, !fix.doubts.contains(where: { $0.kind == .redacted }) {
            fix.doubts.append(.init(.redacted, line: number))
          }
          if line.isOld { number += 1 }
          return switch line {
          case .kept: .kept(text)
          case .removed: .removed(text)
          case .added: .added(text)
          }
        }
      }
    }
    return fix
  }
}
