import Formatting
import Foundation
import Playbooks
import Testing

/// The files beside these tests, and the YAML files of the repository.
enum FormattingFixtures {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")
  /// The root of the repository.
  static let repository = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The names of the golden pairs.
  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  /// Every YAML file below a folder of the repository, by its path from the root.
  static func yamlFiles(below folder: String) -> [String] {
    let root = repository.appending(path: folder)
    let paths = FileManager.default.enumerator(atPath: root.path())?.allObjects as? [String] ?? []
    return paths.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
      .map { "\(folder)/\($0)" }
  }

  static func repositoryBytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: repository.appending(path: path)))
  }
}

extension FormattedText {
  /// The formatted text; nil where the file was left as it is.
  var formatted: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The file `text`, formatted.
  static func of(_ text: String) throws -> String? {
    try FormattedText(Array(text.utf8), file: "test.yaml").formatted
  }
}

extension YAMLNode {
  /// What the node says, whatever the order of its keys: plain scalars by what they mean.
  var meaning: String {
    switch content {
    case .scalar: "\(scalarValue)|\(scalarKind)|\(text ?? "")"
    case .sequence(let elements): "[\(elements.map(\.meaning).joined(separator: ","))]"
    case .mapping(let entries):
      "{\(entries.map { "\($0.key)=\($0.value.meaning)" }.sorted().joined(separator: ","))}"
    case .unreadable: "?"
    }
  }
}
