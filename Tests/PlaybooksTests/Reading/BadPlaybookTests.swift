import Diagnostics
import Foundation
import Playbooks
import Testing

/// Every bad file lies beside exactly what is said about it.
///
/// The part of a file's name before `--` is the code it shows. After a change of wording, run with
/// `PRIVIRUN_UPDATE_EXPECTED=1`, read the difference, and run again without.
struct BadPlaybookTests {
  @Test(arguments: Fixtures.bad)
  func `a bad file gets exactly the expected diagnostics`(name: String) throws {
    let rendered = try Self.render(name) + "\n"
    if ProcessInfo.processInfo.environment["PRIVIRUN_UPDATE_EXPECTED"] != nil {
      try Data(rendered.utf8).write(to: Fixtures.source("bad/\(name).expected"))
      Issue.record("wrote \(name).expected")
      return
    }
    #expect(try rendered == Fixtures.text("bad/\(name).expected"))
  }

  @Test(arguments: Fixtures.bad)
  func `a bad file shows the code it is named after`(name: String) throws {
    let code = name.split(separator: "--")[0]
    #expect(try Fixtures.text("bad/\(name).expected").contains("[\(code)]"))
  }

  @Test func `there are bad files`() {
    #expect(Fixtures.bad.count > 40)
  }

  private static func render(_ name: String) throws -> String {
    let bytes = try Fixtures.bytes("bad/\(name).yaml")
    let file = "\(name).yaml"
    var texts = SourceTexts()
    texts[file] = YAMLText.lossy(bytes)
    do {
      _ = try Playbook(parsing: bytes, file: file)
      return "nothing"
    } catch {
      return DiagnosticRenderer(texts: texts).render(error.diagnostics)
    }
  }
}
