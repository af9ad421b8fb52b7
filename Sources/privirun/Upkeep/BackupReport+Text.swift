import Journaling

extension BackupReport {
  /// What was copied to `path`; ends in a newline.
  func text(_ path: String) -> String {
    let keyLine =
      key.map { "the key is in \($0): who has both can read all secrets" }
      ?? "the key \(journalKey) is not in it: keep a copy elsewhere, since without it no secret can be "
      + "read and nothing verified"
    // What interruptions left behind in the journal says nothing of the copy.
    var check = check
    check.leftovers = []
    return "copied the journal (\(CountText.bytes(byteCount)))\n\(check.text(path))\(keyLine)\n"
  }
}
