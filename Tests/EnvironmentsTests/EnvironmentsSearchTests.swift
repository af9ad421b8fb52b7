import Environments
import Foundation
import Testing

@Suite struct EnvironmentsSearchTests {
  @Test(
    arguments: [
      (
        "/home/anna/work/project", "/home/anna",
        ["/home/anna/work/project", "/home/anna/work", "/home/anna"]
      ),
      ("/home/anna", "/home/anna/", ["/home/anna"]),
      ("/srv/project", "/home/anna", ["/srv/project", "/srv", "/"]),
      ("/srv", nil, ["/srv", "/"]), ("/", "/root", ["/"]), ("", "/root", []),
    ] as [(String, String?, [String])])
  func `a search ends with the home folder, or the root`(
    current: String, home: String?, folders: [String]
  ) {
    #expect(EnvironmentsSearch(from: current, home: home).folders == folders)
  }

  /// A folder of its own for one test, with a folder `a/b` in it.
  private static func folder() throws -> String {
    let root = FileManager.default.temporaryDirectory.appending(
      component: "privirun-search-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(
      atPath: "\(root)/a/b", withIntermediateDirectories: true)
    return root
  }

  private static func make(_ path: String) throws {
    try Data("privirun: 1\n".utf8).write(to: URL(filePath: path))
  }

  @Test func `the nearest file is found, by its name where it is in the current folder`() throws {
    let root = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let below = EnvironmentsSearch(from: "\(root)/a/b", home: root)
    #expect(try below.path() == nil)
    try Self.make("\(root)/privirun.yaml")
    #expect(try below.path() == "\(root)/privirun.yaml")
    #expect(try EnvironmentsSearch(from: "\(root)/a/b", home: "\(root)/a").path() == nil)
    try Self.make("\(root)/a/privirun.yaml")
    #expect(try below.path() == "\(root)/a/privirun.yaml")
    #expect(try EnvironmentsSearch(from: "\(root)/a", home: root).path() == "privirun.yaml")
  }

  @Test func `what is no file ends the search with an error`() throws {
    let root = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    try FileManager.default.createDirectory(
      atPath: "\(root)/a/privirun.yaml", withIntermediateDirectories: true)
    let path = "\(root)/a/privirun.yaml"
    #expect(throws: EnvironmentsSearch.Problem.unreadable(path: path, reason: "it is a folder")) {
      try EnvironmentsSearch(from: "\(root)/a/b", home: root).path()
    }
  }

  @Test(.enabled(if: getuid() == 0, "only the superuser can give files away"))
  func `a file of another user counts only below a folder of theirs`() throws {
    let root = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    try Self.make("\(root)/privirun.yaml")
    #expect(chown("\(root)/privirun.yaml", 12_345, 12_345) == 0)
    let search = EnvironmentsSearch(from: "\(root)/a", home: root)
    let path = "\(root)/privirun.yaml"
    #expect(throws: EnvironmentsSearch.Problem.foreign(path: path)) { try search.path() }
    #expect(chown("\(root)/a", 12_345, 12_345) == 0)
    #expect(try search.path() == path)
  }
}
