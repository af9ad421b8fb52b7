import Diagnostics

/// The names of the inputs that a file declares, read without checking anything else of it.
package struct DeclaredInputs: Sendable, Hashable {
  /// The names, in the order of the file.
  package let names: [String]

  /// The inputs of the playbook at `path`, or of the playbook that the rollout file at `path` runs.
  ///
  /// Nil for a file that cannot be read or is neither.
  package init?(at path: String, in files: PlaybookFiles = .disk) {
    guard let (names, other) = Self.read(path, files) else { return nil }
    if let names {
      self.names = names
    } else if let other, let (names, _) = Self.read(other, files) {
      self.names = names ?? []
    } else {
      return nil
    }
  }

  /// The names in a playbook, or the path of the playbook that a rollout file runs.
  private static func read(
    _ path: String, _ files: PlaybookFiles
  ) -> (names: [String]?, playbook: String?)? {
    guard let place = try? files.resolve(path),
      let bytes = try? files.read(place, YAMLLimits.playbook.bytes),
      let node = try? YAMLNode(parsingData: bytes, file: path), let entries = node.entries
    else { return nil }
    func value(_ key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }
    if value("rollout") != nil, let playbook = value("playbook")?.text {
      let folder = PlayedPath.folder(of: place)
      return (nil, playbook.hasPrefix("/") ? playbook : PlayedPath.join(folder, playbook))
    }
    guard value("steps") != nil else { return nil }
    return ((value("inputs")?.entries ?? []).map(\.key), nil)
  }
}
