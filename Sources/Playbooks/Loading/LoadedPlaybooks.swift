package import Diagnostics
package import OrderedCollections

/// A playbook and every other one it can reach, each as far as it could be read.
package struct LoadedPlaybooks: Sendable {
  /// The key of the first playbook.
  package let root: String
  /// By path relative to the folder of the first playbook, links resolved; the first one first.
  package let playbooks: OrderedDictionary<String, Playbook>
  /// The texts of all files, by the name that locations use.
  package let texts: SourceTexts
  /// Everything that is wrong with the files; with an error among them they make no plan.
  package let diagnostics: DiagnosticList

  /// What a `play` names: the path as written, in which file.
  struct Link: Sendable, Hashable {
    var path: String
    var file: String

    init(path: String, file: String) {
      self.path = path
      self.file = file
    }

    init(_ path: Located<String>) {
      self.init(path: path.value, file: path.location.file)
    }
  }

  private let links: [Link: String]
  private let contents: [String: [UInt8]]

  init(
    root: String, playbooks: OrderedDictionary<String, Playbook>, texts: SourceTexts,
    diagnostics: DiagnosticList, links: [Link: String], contents: [String: [UInt8]]
  ) {
    self.root = root
    self.playbooks = playbooks
    self.texts = texts
    self.diagnostics = diagnostics
    self.links = links
    self.contents = contents
  }

  /// The first playbook, or nil when nothing of it could be read.
  package var first: Playbook? { playbooks[root] }

  /// The playbook that `play: path` means in `file`, which is the file of the `play`'s location.
  package func playbook(at path: String, namedBy file: String) -> Playbook? {
    key(of: path, namedBy: file).flatMap { playbooks[$0] }
  }

  /// The key in `playbooks` of what `play: path` means in `file`.
  package func key(of path: String, namedBy file: String) -> String? {
    links[Link(path: path, file: file)]
  }

  /// All that decides what the playbooks mean, as bytes for a digest.
  ///
  /// For each file, by key: the key's length and bytes, then the content's length and bytes; lengths
  /// are 8 bytes, the most significant first. The place of the folder on disk has no part in it.
  package var digestInput: [UInt8] {
    contents.sorted { $0.key < $1.key }.reduce(into: []) { input, file in
      input += Self.framed(Array(file.key.utf8)) + Self.framed(file.value)
    }
  }

  private static func framed(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt64(bytes.count)
    return (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) } + bytes
  }
}
