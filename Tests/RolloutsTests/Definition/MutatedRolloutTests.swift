import Diagnostics
import FoundationEssentials
import Rollouts
import Testing

/// Files that are nearly right are read, or refused with a place for everything that is said.
struct MutatedRolloutTests {
  private static let values = [
    "", "[]", "{}", "[[]]", "[{}]", "{a: b}", "x", "-1", "0", "99999999999999999999", "1.5", "null",
    "true", "\"\"", "\" \"", "${{ a }}", "${{", "\"${{ tenant.name }}\"", "\"", "*x", "&x", "!t x",
    "|", "50%", "1s", "'\u{0}'",
  ]

  private static func lines() throws -> [String] {
    try RolloutFixtures.text("good.yaml").split(separator: "\n").map(String.init)
  }

  private static func check(_ lines: [String], _ change: String) {
    let text = lines.joined(separator: "\n") + "\n"
    do {
      let rollout = try RolloutFile.read(Array(text.utf8), file: "r.yaml")
      let again = try RolloutFile.read(Array(rollout.text.utf8), file: "r.yaml")
      #expect(again.text == rollout.text, "\(change)")
    } catch {
      #expect(!error.diagnostics.isEmpty, "\(change)")
      for diagnostic in error.diagnostics {
        let place = diagnostic.location
        let isThere = place.map { $0.line >= 1 && $0.line <= lines.count + 1 } ?? false
        #expect(isThere, "\(change): \(diagnostic.message)")
      }
    }
  }

  @Test func `a file without one of its lines is read or refused`() throws {
    let lines = try Self.lines()
    for index in lines.indices {
      var changed = lines
      let removed = changed.remove(at: index)
      Self.check(changed, "without \(removed)")
    }
  }

  @Test(arguments: values)
  func `a file with another value for a key is read or refused`(value: String) throws {
    let lines = try Self.lines()
    for index in lines.indices {
      guard let colon = lines[index].firstIndex(of: ":") else { continue }
      var changed = lines
      changed[index] = "\(lines[index][...colon]) \(value)"
      Self.check(changed, changed[index])
    }
  }
}
