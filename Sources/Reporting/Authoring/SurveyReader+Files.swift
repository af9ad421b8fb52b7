import Expressions
import OrderedCollections
import Playbooks

/// Stored data.
extension SurveyReader {
  /// By what an ensured call finds a file.
  private struct FileIdentity: Hashable {
    let context: String
    let fileName: String
  }

  mutating func readFiles() {
    guard let rows = dataRows() else { return }
    var groups: OrderedDictionary<FileIdentity, [ValueMap]> = [:]
    var nameless = 0
    for row in rows {
      guard let context = row["context"]?.openText, let fileName = row["fileName"]?.openText else {
        nameless += 1
        continue
      }
      groups[FileIdentity(context: context, fileName: fileName), default: []].append(row)
    }
    if nameless > 0 { note(TenantGap(.files, .nameless, count: nameless)) }
    var (doubled, unclear) = ([String](), [String]())
    for (identity, group) in groups {
      guard let file = file(identity, group) else {
        unclear.append(identity.fileName)
        continue
      }
      if group.count > 1 { doubled.append(identity.fileName) }
      snapshot.files.append(file)
    }
    noteDoubled(doubled, .files)
    note(.files, .unclear, unclear)
  }

  /// The rows of all pages, each once; nil when none was read.
  private mutating func dataRows() -> [ValueMap]? {
    guard !pages.isTooMany else {
      if pages.limit > 0 { note(TenantGap(.files, .moreThan(pages.limit))) }
      return nil
    }
    var rows: [ValueMap] = []
    var tokens: Set<String> = []
    for page in pages.all {
      guard let records = page[field: "tokens"]?.records else {
        note(TenantGap(.files, .notListed))
        return nil
      }
      // What is stored meanwhile moves rows to the next page.
      rows += records.filter { record in
        record["token"]?.openText.map { tokens.insert($0).inserted } ?? true
      }
    }
    return rows
  }

  private func file(
    _ identity: FileIdentity, _ rows: [ValueMap]
  ) -> TenantSnapshot.StoredFile? {
    let listed: ValueMap = ["tokens": .list(rows.map { .map($0) })]
    let reservation: ValueMap = [
      "context": .string(identity.context), "fileName": .string(identity.fileName),
    ]
    let found = calls.unchanged(
      "data-token.reserve-token-space", reservation, in: [listed], match: .newest)
    guard let row = found, let token = row["token"]?.openText else { return nil }
    return TenantSnapshot.StoredFile(
      context: identity.context, fileName: identity.fileName,
      description: description(identity, token, row), classification: classification(token, row))
  }

  private func description(
    _ identity: FileIdentity, _ token: String, _ row: ValueMap
  ) -> TenantSnapshot.StoredFile.Description? {
    guard let fileExtension = row["extension"]?.openText, let size = row["size"]?.openInteger,
      let path = row["path"]?.openText
    else { return nil }
    let arguments: ValueMap = [
      "token": .string(token), "context": .string(identity.context),
      "fileName": .string(identity.fileName), "extension": .string(fileExtension),
      "size": .int(size), "path": .string(path),
    ]
    guard isUnchanged("data-token.configure-file-meta", arguments, row) else { return nil }
    return TenantSnapshot.StoredFile.Description(
      fileExtension: fileExtension, size: size, path: path)
  }

  private func classification(
    _ token: String, _ row: ValueMap
  ) -> TenantSnapshot.StoredFile.Classification? {
    guard let name = row["classification"]?.openText, let label = row["label"]?.openText,
      let handling = row["handling"]?.openText
    else { return nil }
    let arguments: ValueMap = [
      "token": .string(token), "classification": .string(name), "label": .string(label),
      "handling": .string(handling),
    ]
    guard
      isUnchanged("data-token.configure-information-security-risk-meta", arguments, row)
    else { return nil }
    return TenantSnapshot.StoredFile.Classification(
      name: name, label: label, handling: handling)
  }

  private func isUnchanged(_ id: String, _ arguments: ValueMap, _ row: ValueMap) -> Bool {
    calls.unchanged(id, arguments, in: [["tokens": [.map(row)]]]) != nil
  }
}
