/// A JUnit report: one suite of test cases as XML, in the form that Jenkins, GitLab and GitHub read.
struct JUnitSuite: Sendable {
  /// How a test case ended.
  enum Verdict: Sendable, Hashable {
    case passed
    /// What is there is not as asked.
    case failed(type: String, message: String, details: [String])
    /// It could not be found out.
    case error(type: String, message: String, details: [String])
    case skipped(message: String)
  }

  /// One thing that was looked at.
  struct Case: Sendable, Hashable {
    /// What later reports know it by, together with the suite's name.
    var name: String
    var verdict: Verdict
  }

  private static let style = TerminalStyle()
  /// In characters, of a message, which viewers show on one line.
  private static let longestMessage = 1000

  var name: String
  /// The file that the cases come from; nil where it is not known.
  var file: String?
  var properties: [(name: String, value: String)]
  var cases: [Case]

  /// The document; ends in a newline.
  var text: String {
    let counts = counts
    var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
    text += "<testsuites\(Self.attributes([("name", "privirun")] + counts))>\n"
    text += "  <testsuite\(Self.attributes([("name", name)] + counts))>\n"
    if !properties.isEmpty {
      text += "    <properties>\n"
      for property in properties {
        let attributes = [("name", property.name), ("value", property.value)]
        text += "      <property\(Self.attributes(attributes))/>\n"
      }
      text += "    </properties>\n"
    }
    for entry in cases { text += element(entry) }
    return text + "  </testsuite>\n</testsuites>\n"
  }

  private var counts: [(String, String)] {
    var (failures, errors, skipped) = (0, 0, 0)
    for entry in cases {
      switch entry.verdict {
      case .passed: break
      case .failed: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
    return [
      ("tests", "\(cases.count)"), ("failures", "\(failures)"), ("errors", "\(errors)"),
      ("skipped", "\(skipped)"),
    ]
  }

  private func element(_ entry: Case) -> String {
    let file = file.map { [("file", $0)] } ?? []
    let start =
      "    <testcase" + Self.attributes([("classname", name), ("name", entry.name)] + file)
    switch entry.verdict {
    case .passed: return start + "/>\n"
    case .failed(let type, let message, let details):
      return start + Self.child("failure", type, message, details)
    case .error(let type, let message, let details):
      return start + Self.child("error", type, message, details)
    case .skipped(let message):
      let attributes = Self.attributes([("message", message)])
      return start + ">\n      <skipped\(attributes)/>\n    </testcase>\n"
    }
  }

  private static func child(
    _ name: String, _ type: String, _ message: String, _ details: [String]
  ) -> String {
    let attributes = attributes([("message", message), ("type", type)])
    // Some viewers show the attributes, some the text alone.
    let text = ([message] + details).map { escaped($0, limit: nil) }.joined(separator: "\n")
    return ">\n      <\(name)\(attributes)>\(text)</\(name)>\n    </testcase>\n"
  }

  private static func attributes(_ members: [(String, String)]) -> String {
    members.map { " \($0)=\"\(escaped($1, limit: longestMessage))\"" }.joined()
  }

  /// The text with what XML has for its own marks (XML 1.0 §2.4), and printable, so that it holds none of the
  /// characters that a document cannot hold (§2.2).
  private static func escaped(_ text: String, limit: Int?) -> String {
    let cut = limit.map { text.count > $0 ? text.prefix($0) + "…" : text } ?? text
    // By scalars: a mark that is combined with another character is a mark all the same.
    return style.printable(cut).unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      case _: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
