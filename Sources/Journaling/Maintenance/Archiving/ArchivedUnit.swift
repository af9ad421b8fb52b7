import Events

/// A unit that is in the archive.
struct ArchivedUnit {
  let unit: ArchiveUnit
  let records: [ArchiveCopy.Copied]

  /// Its records, of a rollout its own last.
  var ownRecordLast: [ArchiveCopy.Copied] {
    records.filter { $0.kind == .run } + records.filter { $0.kind == .rollout }
  }
}

extension ArchiveReport.Records {
  /// How many of both kinds there are among `copies`.
  init(_ copies: some Sequence<ArchiveCopy.Copied>) {
    self.init()
    for copy in copies {
      switch copy.kind {
      case .run: runs += 1
      case .rollout: rollouts += 1
      }
    }
  }
}
