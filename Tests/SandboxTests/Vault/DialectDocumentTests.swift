import FoundationEssentials
import Sandbox
import Testing

/// docs/sandbox.md names every variant, as it is.
struct DialectDocumentTests {
  private static let document: String = {
    let root = "/" + "\(#filePath)".split(separator: "/").dropLast(4).joined(separator: "/")
    return (try? String(contentsOfFile: "\(root)/docs/sandbox.md", encoding: .utf8)) ?? ""
  }()

  private static func row(_ variant: DialectVariant) -> String {
    let presets = [DialectPreset.own, .official, .observed].map { variant.choice(of: $0.dialect) }
    let cells =
      ["`\(variant.name)`", variant.summary, variant.choices.joined(separator: ", ")] + presets
      + [variant.drawing.rawValue]
    return "| \(cells.joined(separator: " | ")) |"
  }

  @Test func `the document has a row for each variant, and no other`() {
    let head = [
      "| variant | about | choices | default | official | observed | `mixed` chooses |",
      "|---|---|---|---|---|---|---|",
    ]
    let table = (head + DialectVariant.all.map(Self.row)).joined(separator: "\n")
    let parts = Self.document.split(separator: "<!-- variants -->\n", maxSplits: 1)
    let shown = parts.last?.split(separator: "\n<!-- /variants -->", maxSplits: 1).first ?? ""
    #expect(String(shown) == table, "write this:\n\(table)")
  }

  @Test(arguments: DialectPreset.allCases.map { $0.rawValue } + Voter.allCases.map { $0.rawValue })
  func `the document names every dialect and every voter`(_ name: String) {
    #expect(Self.document.contains("`\(name)`"))
  }
}
