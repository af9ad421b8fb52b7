import Foundation

/// What the schema that Jenkins publishes for JUnit reports allows (`junit-10.xsd` of its plug-in xUnit).
enum JUnitSchema {
  private struct Rule {
    var attributes: Set<String>
    var required: Set<String> = []
  }

  private static let rules: [String: Rule] = [
    "testsuites": Rule(attributes: ["name", "time", "tests", "failures", "errors"]),
    "testsuite": Rule(
      attributes: [
        "name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp",
        "hostname", "id", "package", "file", "log", "url",
      ], required: ["name", "tests", "failures", "errors"]),
    "properties": Rule(attributes: []),
    "property": Rule(attributes: ["name", "value"], required: ["name", "value"]),
    "testcase": Rule(
      attributes: ["name", "time", "classname", "group"], required: ["name"]),
    "failure": Rule(attributes: ["type", "message"]),
    "error": Rule(attributes: ["type", "message"]),
    "skipped": Rule(attributes: ["type", "message"]),
  ]

  /// What is wrong with a report; empty for a good one.
  static func flaws(in text: String) -> [String] {
    let document = WellFormedXML(text)
    if let flaw = document.flaw { return [flaw] }
    var flaws = document.elements.flatMap { name, attributes -> [String] in
      guard let rule = rules[name] else { return ["<\(name)> is not allowed"] }
      let given = Set(attributes.keys)
      return given.subtracting(rule.attributes).map { "<\(name) \($0)>" }
        + rule.required.subtracting(given).map { "<\(name)> without \($0)" }
        + (attributes["time"].map(isTime) ?? true ? [] : ["time \(attributes["time"] ?? "")"])
    }
    if document.elements.first?.name != "testsuites" { flaws.append("no <testsuites>") }
    func count(_ name: String) -> String { "\(document.elements.count { $0.name == name })" }
    for suite in document.elements.prefix(2).map(\.attributes) {
      for (attribute, element) in [
        ("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"),
      ] where suite[attribute] != nil && suite[attribute] != count(element) {
        flaws.append("\(attribute) is \(suite[attribute] ?? ""), and there are \(count(element))")
      }
    }
    return flaws
  }

  /// Digits, and a fraction.
  private static func isTime(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }
}
