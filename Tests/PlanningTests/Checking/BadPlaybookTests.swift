import FoundationEssentials
import Testing

/// Playbooks that are wrong, and what is said about each, word for word.
///
/// `Fixtures/bad/NAME.yaml` lies beside `NAME.expected`. A folder there holds several files; the one
/// to check is its `main.yaml`. After a change of wording, run with `PRIVIRUN_UPDATE_EXPECTED=1`, read the
/// difference, and run again without.
@Suite struct BadPlaybookTests {
  private static let folder = "Tests/PlanningTests/Fixtures/bad"

  static let names: [String] = {
    let paths = (try? PackageFiles.paths(under: folder, endingIn: ".expected")) ?? []
    return paths.map { String($0.dropFirst(folder.count + 1).dropLast(".expected".count)) }
  }()

  @Test func `the folder of bad playbooks is found`() {
    #expect(Self.names.count >= 16)
  }

  @Test(arguments: names)
  func `a bad playbook gets its diagnostics`(_ name: String) throws {
    let (files, main) = try Self.files(of: name)
    let rendered = try files.diagnostics(in: main) + "\n"
    let path = "\(Self.folder)/\(name).expected"
    if ProcessInfo.processInfo.environment["PRIVIRUN_UPDATE_EXPECTED"] != nil {
      try PackageFiles.write(rendered, to: path)
      Issue.record("wrote \(name).expected")
    } else {
      #expect(try rendered == PackageFiles.text(path))
    }
  }

  private static func files(of name: String) throws -> (MemoryFiles, main: String) {
    if let text = try? PackageFiles.text("\(folder)/\(name).yaml") {
      return (MemoryFiles(["\(name).yaml": text]), "\(name).yaml")
    }
    var texts: [String: String] = [:]
    for path in try PackageFiles.paths(under: "\(folder)/\(name)", endingIn: ".yaml") {
      texts[String(path.dropFirst(folder.count + 1))] = try PackageFiles.text(path)
    }
    return (MemoryFiles(texts), "\(name)/main.yaml")
  }
}
