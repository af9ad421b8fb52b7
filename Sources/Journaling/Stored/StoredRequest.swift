import Events

/// The stored form of a request: sealed whole, so that only who has the journal's key can make one.
enum StoredRequest {
  private enum Kind {
    static let cancel: UInt64 = 1
    static let decide: UInt64 = 2
    static let pause: UInt64 = 3
    static let unpause: UInt64 = 4
  }

  /// What a request to `run` is bound to.
  static func context(_ run: RunID) -> [UInt8] { Array("request to \(run.text)".utf8) }

  static func seal(_ request: RunRequest, _ sealing: Sealing) throws(StoredFormError) -> [UInt8] {
    let sealer = sealing.sealer(for: context(request.run))
    switch request.kind {
    case .cancel: return try sealer.close(.list([.unsigned(Kind.cancel)]))
    case .pause: return try sealer.close(.list([.unsigned(Kind.pause)]))
    case .unpause: return try sealer.close(.list([.unsigned(Kind.unpause)]))
    case .decide(let path, let decision):
      var (decision, writer) = (decision, StoredEventWriter(sealing: sealer))
      try writer.items.openList(3)
      writer.items.unsigned(Kind.decide)
      try StoredPath.write(path, to: &writer.items)
      try writer.fields { writer throws(StoredFormError) in try decision.code(&writer) }
      writer.items.close()
      return try sealer.close(writer.items.output)
    }
  }

  /// The request to `run` that `seal` was given.
  static func open(
    _ form: [UInt8], to run: RunID, _ key: JournalKey
  ) throws(StoredFormError) -> RunRequest {
    let seal = Seal(key: key, context: context(run))
    guard case .list(let parts) = try seal.open(form), case .unsigned(let kind)? = parts.first
    else { throw .malformed("no request") }
    switch (kind, parts.count) {
    case (Kind.cancel, 1): return RunRequest(run: run, .cancel)
    case (Kind.pause, 1): return RunRequest(run: run, .pause)
    case (Kind.unpause, 1): return RunRequest(run: run, .unpause)
    case (Kind.decide, 3):
      guard let path = StoredPath.decode(parts[1]), case .map(let pairs) = parts[2] else {
        throw .malformed("no decision")
      }
      var decision = ApprovalDecision.blank
      var reader = try StoredEventReader(pairs, opening: seal)
      try decision.code(&reader)
      return RunRequest(run: run, .decide(path, decision))
    case _: throw .unknownType("request \(kind)")
    }
  }
}
