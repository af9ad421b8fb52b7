import Cryptography
package import Events

/// The ids of the spans of a run or rollout, which follow from its id and its events.
///
/// A span is named after the event that begins it. So whoever sends a request knows the id of its span
/// before its events are seen, and a run that is continued by another process stays in its trace.
package enum RunIdentity {
  /// The trace of the record `record`: a run of its own, or a rollout with the runs of its tenants.
  package static func trace(of record: RunID) -> TraceID {
    let digest = digest("trace \(record)")
    return TraceID(high: digest.number(at: 0), low: digest.number(at: 8))
  }

  /// The trace of the run that began with `start`.
  package static func trace(of start: RunStart) -> TraceID {
    trace(of: start.tenant?.rollout ?? start.run)
  }

  /// The span that begins with the event `sequence` of `record`; `detail` distinguishes several.
  package static func span(
    of record: RunID, from sequence: Int, _ detail: String = ""
  ) -> SpanID {
    SpanID(digest("span \(record) \(sequence) \(detail)").number(at: 0))
  }

  /// Ids need not be secret; 16 bytes of a digest do not collide.
  private static func digest(_ text: String) -> [UInt8] {
    (try? SHA256.digest(of: Array("privirun \(text)".utf8)))
      ?? [UInt8](repeating: 1, count: SHA256.byteCount)
  }
}

extension [UInt8] {
  /// Eight bytes as a number, the first one highest.
  fileprivate func number(at offset: Int) -> UInt64 {
    self[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
  }
}
