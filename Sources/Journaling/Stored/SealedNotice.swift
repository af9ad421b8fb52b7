import Events

/// The stored form of a notification: sealed whole under its id.
enum SealedNotice {
  /// What a notification is bound to.
  static func context(_ notice: RunID) -> [UInt8] { Array("notice \(notice.text)".utf8) }

  static func seal(_ notice: StoredNotice, _ sealing: Sealing) throws(StoredFormError) -> [UInt8] {
    try sealing.sealer(for: context(notice.id)).close(.bytes(notice.form))
  }

  /// What `seal` was given of the notification `notice`.
  static func open(
    _ sealed: [UInt8], of notice: RunID, _ key: JournalKey
  ) throws(StoredFormError) -> [UInt8] {
    guard case .bytes(let form) = try Seal(key: key, context: context(notice)).open(sealed) else {
      throw .malformed("no notification")
    }
    return form
  }
}
