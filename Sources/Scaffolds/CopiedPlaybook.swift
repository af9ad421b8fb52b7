import Diagnostics
import Playbooks

/// A playbook that becomes another one: with its own name, in its own file.
package struct CopiedPlaybook: Sendable {
  private let text: String
  private let file: String
  private let entries: [YAMLNode.Entry]

  /// The playbook with this text, in `file`.
  package init(_ text: String, in file: String) {
    self.text = text
    self.file = file
    entries = (try? YAMLNode(parsingData: Array(text.utf8), file: file))?.entries ?? []
  }

  /// The paths of the files that inputs have by default, as they are written: relative to the playbook.
  package var defaultFiles: [String] {
    let inputs = entries.first { $0.key == "inputs" }?.value.entries ?? []
    return inputs.compactMap { input in
      let members = input.value.entries ?? []
      func text(_ key: String) -> String? { members.first { $0.key == key }?.value.text }
      guard text("type") == "file" else { return nil }
      return text("default")
    }
  }

  /// The text under the name `name`, for the file `target`.
  ///
  /// Commands in the comment at its top name that file. A line for an editor's language server goes: it
  /// names a schema by a path.
  package func text(named name: String, in target: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    rename(to: name, in: &lines)
    let heading = lines.prefix { $0.hasPrefix("#") }.count
    for index in 0..<heading { lines[index] = naming(target, in: lines[index]) }
    if lines.first?.hasPrefix("# yaml-language-server:") ?? false { lines.removeFirst() }
    return lines.joined(separator: "\n")
  }

  private func rename(to name: String, in lines: inout [String]) {
    let written = "name: \(AuthoredText.name(name))"
    func line(of entry: YAMLNode.Entry) -> Int? {
      let place = entry.keyLocation
      guard place.column == 1, lines.indices.contains(place.line - 1),
        lines[place.line - 1].hasPrefix("\(entry.key):")
      else { return nil }
      return place.line - 1
    }
    if let entry = entries.first(where: { $0.key == "name" }), entry.value.text != nil {
      guard let line = line(of: entry), isOneLine(entry.value, in: lines[line]) else { return }
      lines[line] = written
    } else if let entry = entries.first(where: { $0.key == "playbook" }), let line = line(of: entry)
    {
      lines.insert(written, at: line + 1)
    }
  }

  /// Whether a value begins and ends on the line of its key: no block, and no text that goes on.
  private func isOneLine(_ value: YAMLNode, in line: String) -> Bool {
    guard let text = value.text, !text.contains("\n") else { return false }
    let rest = line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
    return rest.hasPrefix(text) || rest.hasPrefix("\"\(text)\"") || rest.hasPrefix("'\(text)'")
  }

  /// The line with the words that name the original file replaced.
  private func naming(_ target: String, in line: String) -> String {
    let base = file.split(separator: "/").last.map { String($0) } ?? file
    return line.split(separator: " ", omittingEmptySubsequences: false).map { word in
      word == base || word.hasSuffix("/\(base)") ? target : String(word)
    }.joined(separator: " ")
  }
}
