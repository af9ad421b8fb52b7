import Diagnostics
import Testing

@testable import Expressions

@Suite struct ShownTextTests {
  private static let bindings = Bindings([
    "name": "Alice", "pw": .secret(text: "planted"), "list": [1, .secret(text: "planted")],
  ])

  @Test(arguments: [
    ("boom ${{ pw }}!", "boom •••!"), ("${{ name }}: ${{ pw }}${{ pw }}", "Alice: ••••••"),
    ("${{ pw }}", "•••"), ("${{ name }}", "Alice"), ("plain", "plain"), ("${{ 1 + 1 }}", "2"),
    ("${{ pw + name }} of ${{ name }}", "••• of Alice"), ("${{ list }} x", "••• x"),
    ("${{ size(pw) > 3 }} x", "••• x"),
  ])
  func `a secret is masked where it stands and the rest can be read`(
    template: String, shown: String
  ) throws {
    let place = SourceLocation(file: "a.yaml", line: 1, column: 1)
    let parsed = try Template.parse(template, literal: .string(template)) { _ in place }
    #expect(try parsed.shownText(with: Self.bindings) == shown)
  }
}
