import Diagnostics
import Environments
import Foundation
import Playbooks
import Testing

/// Every bad file lies beside exactly what is said about it.
///
/// The part of a file's name before `--` is the code it shows. After a change of wording, run with
/// `PRIVIRUN_UPDATE_EXPECTED=1`, read the difference, and run again without.
@Suite struct BadEnvironmentsTests {
  @Test(arguments: EnvironmentFixtures.bad)
  func `a bad file gets exactly the expected diagnostics`(name: String) throws {
    let rendered = try Self.render(name) + "\n"
    if ProcessInfo.processInfo.environment["PRIVIRUN_UPDATE_EXPECTED"] != nil {
      try Data(rendered.utf8).write(to: EnvironmentFixtures.source("bad/\(name).expected"))
      Issue.record("wrote \(name).expected")
      return
    }
    #expect(try rendered == EnvironmentFixtures.text("bad/\(name).expected"))
  }

  @Test(arguments: EnvironmentFixtures.bad)
  func `a bad file shows the code it is named after, and no password`(name: String) throws {
    let code = name.split(separator: "--")[0]
    let expected = try EnvironmentFixtures.text("bad/\(name).expected")
    #expect(expected.contains("[\(code)]"))
    #expect(!expected.contains("hunter2"))
  }

  @Test func `there are bad files`() {
    #expect(EnvironmentFixtures.bad.count >= 20)
  }

  private static func render(_ name: String) throws -> String {
    let bytes = try EnvironmentFixtures.bytes("bad/\(name).yaml")
    let file = "\(name).yaml"
    var texts = SourceTexts()
    texts[file] = YAMLText.lossy(bytes)
    do {
      _ = try EnvironmentsFile(parsing: bytes, path: file, checking: EnvironmentFixtures.check)
      return "nothing"
    } catch {
      return DiagnosticRenderer(texts: texts).render(error.diagnostics)
    }
  }
}
