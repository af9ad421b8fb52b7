import FoundationEssentials
import GRDB

/// What a journal would lose with its key.
enum JournalContents: Sendable, Hashable {
  case nothing
  /// Runs whose events hold no secret.
  case nothingSealed
  case secrets
}

extension JournalFile {
  /// Looks through everything; meant for the rare case that there is no key.
  func contents() throws(JournalError) -> JournalContents {
    try read { database in
      var contents = JournalContents.nothing
      let forms = try Data.fetchCursor(
        database, sql: "SELECT form FROM events UNION ALL SELECT form FROM commits")
      while let form = try forms.next() {
        contents = .nothingSealed
        // What cannot be decoded might hold a secret.
        guard let item = CommitForm.item(Array(form)), !item.holdsSeal else { return .secrets }
      }
      // Requests, texts and notices are sealed whole; without its texts a run can be neither continued nor
      // verified, and nothing follows on the state of a schedule that another key authenticates.
      let sealed = try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM requests) OR EXISTS (SELECT 1 FROM texts)
            OR EXISTS (SELECT 1 FROM schedules) OR EXISTS (SELECT 1 FROM notices)
          """)
      return sealed == true ? .secrets : contents
    }
  }
}

extension CBOR {
  /// Whether a sealed secret is in it.
  fileprivate var holdsSeal: Bool {
    switch self {
    case .tagged(StoredValue.Tag.secret, _): true
    case .tagged(_, let item): item.holdsSeal
    case .list(let items): items.contains(where: \.holdsSeal)
    case .map(let pairs): pairs.contains { $0.key.holdsSeal || $0.value.holdsSeal }
    case .unsigned, .negative, .bytes, .text, .bool, .null, .double: false
    }
  }
}
