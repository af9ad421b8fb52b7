import Playbooks

extension PlaybookFiles {
  /// Files of which there is one, of any name, with this text.
  static func containing(_ text: String) -> PlaybookFiles {
    PlaybookFiles(
      resolve: { path throws(Problem) in "/\(path)" },
      read: { _, _ throws(Problem) in Array(text.utf8) }, names: { _ in nil })
  }
}
