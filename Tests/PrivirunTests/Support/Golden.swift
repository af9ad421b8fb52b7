import Foundation

/// Expected texts that lie in files beside the tests.
enum Golden {
  /// The sections of a file, each under a line `== name`, without the empty line before the next.
  static func sections(of name: String) throws -> [String: String] {
    let text = try PackageFiles.text("Tests/PrivirunTests/Fixtures/\(name)")
    var sections: [String: String] = [:]
    for part in ("\n" + text).components(separatedBy: "\n== ").dropFirst() {
      let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
      sections[lines.first.map(String.init) ?? ""] =
        lines.dropFirst().joined(separator: "\n").trimmingCharacters(in: .newlines)
    }
    return sections
  }
}
