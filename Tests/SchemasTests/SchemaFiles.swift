import Diagnostics
import Expressions
import FoundationEssentials
import Operations
import Planning
import Playbooks
import Schemas

/// The files of this package, and its description of the API.
enum SchemaFiles {
  static let root: String = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "\(root)/\(path)")))
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  static func write(_ text: String, to path: String) throws {
    try text.write(toFile: "\(root)/\(path)", atomically: false, encoding: .utf8)
  }

  /// The paths of all files under `folder`, relative to the package, sorted.
  static func paths(under folder: String, endingIn suffix: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
      .filter { $0.hasSuffix(suffix) }
      .map { "\(folder)/\($0)" }
      .sorted()
  }

  /// The document of a YAML file.
  static func document(_ path: String) throws -> Value {
    try YAMLNode(parsing: bytes(path), file: path).value
  }

  static func document(ofText text: String) throws -> Value {
    try YAMLNode(parsing: Array(text.utf8), file: "a.yaml").value
  }

  private static let embedded = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  static func api() throws -> APIDescription { try embedded.get() }

  static func schema(_ kind: SchemaDocument.Kind) throws -> SchemaDocument {
    SchemaDocument(kind, api: try api())
  }

  /// What `privirun check` finds wrong with a playbook, without warnings.
  static func errors(inPlaybook text: String) throws -> [Diagnostic] {
    let files = PlaybookFiles(
      resolve: { path throws(PlaybookFiles.Problem) in
        path.hasPrefix("/") ? path : "/\(path)"
      },
      read: { path, _ throws(PlaybookFiles.Problem) in
        switch path {
        case "/a.yaml": Array(text.utf8)
        case "/": throw .notAFile
        case _: Array("playbook: 1\nsteps: [{wait: 1s}]\n".utf8)
        }
      }, names: { _ in [] })
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: files).load("/a.yaml", texts: &texts)
      _ = try Planner(api: try embedded.get()).check(loaded)
      return []
    } catch {
      return error.diagnostics.filter { $0.severity == .error }
    }
  }
}
