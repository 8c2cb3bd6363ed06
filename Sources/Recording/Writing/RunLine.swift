internal import JSON
internal import TraceModel

/// The lines about the run itself.
extension JSONWriter {
  mutating func header(_ header: RecordingHeader) {
    object { writer in
      writer.member("k", "hdr")
      writer.member("fmt", RecordingFormat.name)
      writer.member("v", RecordingFormat.version)
      writer.member("minReader", RecordingFormat.oldestReader)
      writer.member("tool", header.tool)
      writer.member("run", header.run)
      writer.member("t0", header.began)
      writer.member("mono", ifPresent: header.monotonicStart)
      writer.member("host", header.host)
      writer.member("kernel", header.kernel)
      writer.member("arch", header.architecture)
      writer.member("ncpu", header.processorCount)
      writer.member("argv", header.command)
      writer.member("cwd", header.workingDirectory)
      writer.member("checkout", ifPresent: header.checkout)
      writer.key("env")
      writer.object { writer in
        for (name, value) in header.environment.values.sorted(by: { $0.key < $1.key }) {
          writer.member(named: name, value)
        }
      }
      writer.key("envHashes")
      writer.object { writer in
        for (name, hash) in header.environment.hashes.sorted(by: { $0.key < $1.key }) {
          writer.member(named: name, hash)
        }
      }
      writer.member("keyid", ifPresent: header.environment.key)
      writer.key("options")
      writer.object { writer in
        writer.member("maxProcesses", header.options.limits.maxProcesses)
        writer.member("maxNesting", header.options.limits.maxNesting)
        writer.member("maxGenerations", header.options.limits.maxGenerations)
        writer.member("maxRepeats", header.options.limits.maxRepeats)
        writer.member("evidence", header.options.evidence)
        writer.member("timeout", ifPresent: header.options.timeout)
        writer.member("capture", header.options.capture)
        writer.member("mechanism", header.options.mechanism)
      }
      writer.member("limitations", header.limitations)
    }
  }

  mutating func stop(_ time: TraceTime) {
    object { writer in
      writer.member("k", "stop")
      writer.member("t", time.nanoseconds)
    }
  }

  mutating func end(_ end: RecordingEnd) {
    object { writer in
      writer.member("k", "end")
      writer.member("t", end.time.nanoseconds)
      writer.member("events", end.events)
      writer.termination(end.ending)
      writer.member("stopped", ifTrue: end.isStopped)
      writer.member("timedOut", ifTrue: end.hasTimedOut)
    }
  }
}
