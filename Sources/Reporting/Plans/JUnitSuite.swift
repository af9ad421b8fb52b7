import Expressions
import Operations

/// A JUnit report: one suite of test cases as XML, in the form that Jenkins, GitLab and GitHub read.
///
/// It keeps to the schema that Jenkins has for such reports (`junit-10.xsd`). A suite with many cases can be
/// written in pieces: `opening`, each `element`, `closing`.
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
    /// How long it took; nil where that means nothing.
    var time: Duration?

    init(name: String, verdict: Verdict, time: Duration? = nil) {
      self.name = name
      self.verdict = verdict
      self.time = time
    }
  }

  /// How many cases ended in which way.
  struct Counts: Sendable, Hashable {
    private(set) var tests = 0
    private(set) var failures = 0
    private(set) var errors = 0
    private(set) var skipped = 0

    mutating func add(_ verdict: Verdict) {
      tests += 1
      switch verdict {
      case .passed: break
      case .failed: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
  }

  /// In characters, of a message, which viewers show on one line.
  private static let longestMessage = 1000

  var name: String
  /// The file that the cases come from; nil where it is not known.
  var file: String?
  var properties: [(name: String, value: String)]
  var cases: [Case]
  /// When the cases began; nil where that means nothing.
  var startedAt: Moment? = nil
  /// How long all of them took together; nil where that means nothing.
  var time: Duration? = nil

  /// The document; ends in a newline.
  var text: String {
    var counts = Counts()
    for entry in cases { counts.add(entry.verdict) }
    return cases.reduce(into: opening(counts)) { $0 += element($1) } + Self.closing
  }

  /// Everything before the first case.
  func opening(_ counts: Counts) -> String {
    let shared = [
      ("tests", "\(counts.tests)"), ("failures", "\(counts.failures)"),
      ("errors", "\(counts.errors)"),
    ]
    let time = time.map { [("time", Self.seconds($0))] } ?? []
    let own =
      [("skipped", "\(counts.skipped)")] + time
      + (startedAt.map { [("timestamp", $0.calendarTime.text)] } ?? [])
      + (file.map { [("file", $0)] } ?? [])
    var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
    text += "<testsuites\(Self.attributes([("name", "privirun")] + shared + time))>\n"
    text += "  <testsuite\(Self.attributes([("name", name)] + shared + own))>\n"
    if !properties.isEmpty {
      text += "    <properties>\n"
      for property in properties {
        let attributes = [("name", property.name), ("value", property.value)]
        text += "      <property\(Self.attributes(attributes))/>\n"
      }
      text += "    </properties>\n"
    }
    return text
  }

  /// Everything behind the last case.
  static let closing = "  </testsuite>\n</testsuites>\n"

  /// One case.
  func element(_ entry: Case) -> String {
    let time = entry.time.map { [("time", Self.seconds($0))] } ?? []
    let start =
      "    <testcase" + Self.attributes([("classname", name), ("name", entry.name)] + time)
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
    let text = ([message] + details).map(Markup.escaped).joined(separator: "\n")
    return ">\n      <\(name)\(attributes)>\(text)</\(name)>\n    </testcase>\n"
  }

  private static func attributes(_ members: [(String, String)]) -> String {
    members.map { " \($0)=\"\(Markup.escaped(cut($1)))\"" }.joined()
  }

  private static func cut(_ text: String) -> String {
    text.count > longestMessage ? text.prefix(longestMessage) + "…" : text
  }

  /// Such as `1.250`.
  private static func seconds(_ duration: Duration) -> String {
    let milliseconds = max(0, duration.wholeNanoseconds / 1_000_000)
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
