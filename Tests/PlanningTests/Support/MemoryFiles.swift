import Diagnostics
import Expressions
import Operations
import Planning
import Playbooks

/// Playbook files that are kept in memory, by path.
struct MemoryFiles {
  var texts: [String: String]

  init(_ texts: [String: String]) {
    self.texts = texts
  }

  var playbookFiles: PlaybookFiles {
    let texts = texts
    return PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in
        let resolved = Self.resolved(path)
        let inside = String(resolved.dropFirst())
        let isFolder = inside.isEmpty || texts.keys.contains { $0.hasPrefix(inside + "/") }
        guard isFolder || texts[inside] != nil else { throw .missing }
        return resolved
      },
      read: { path, _ throws(PlaybookFiles.Problem) in
        guard let text = texts[String(path.dropFirst())] else { throw .missing }
        return Array(text.utf8)
      },
      names: { folder in
        let prefix = folder == "/" ? "" : String(folder.dropFirst()) + "/"
        return texts.keys.filter { $0.hasPrefix(prefix) }
          .map { String($0.dropFirst(prefix.count)) }.sorted()
      })
  }

  /// Loads and checks `path`, by the program's own description unless another is given.
  func check(_ path: String, against api: APIDescription? = nil) throws -> CheckedPlaybook {
    var quoted = SourceTexts()
    return try check(path, against: api, texts: &quoted)
  }

  /// What is said about `path`, as a person reads it.
  func diagnostics(in path: String) throws -> String {
    var quoted = SourceTexts()
    do {
      let checked = try check(path, against: nil, texts: &quoted)
      return DiagnosticRenderer(texts: quoted).render(checked.warnings)
    } catch let error as InvalidInput {
      return DiagnosticRenderer(texts: quoted).render(error.diagnostics)
    }
  }

  private func check(
    _ path: String, against api: APIDescription?, texts: inout SourceTexts
  ) throws -> CheckedPlaybook {
    let loaded = try PlaybookLoader(files: playbookFiles).load(path, texts: &texts)
    return try Planner(api: try api ?? EmbeddedAPI.description(), zones: Self.zones).check(loaded)
  }

  /// The one time zone that has a name.
  private static let zones = NamedZones(
    rules: { name in
      guard name == "Europe/Stockholm" else { return nil }
      return { _ in 3600 }
    }, names: { ["Europe/Stockholm"] })

  /// The path from the root, with `.` and `..` taken out.
  private static func resolved(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }
}

/// The description that is part of the program, read once for all tests.
enum EmbeddedAPI {
  private static let result = Result { () throws(InvalidInput) in
    try APIDescription.embedded()
  }

  static func description() throws -> APIDescription {
    try result.get()
  }
}
