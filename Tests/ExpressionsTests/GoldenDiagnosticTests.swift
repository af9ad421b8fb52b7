import Diagnostics
import Expressions
import OrderedCollections
import Testing

/// Diagnostics as people see them.
@Suite struct GoldenDiagnosticTests {
  private static let environment: TypeEnvironment = [
    "inputs": .object(["username": .string, "count": .int]),
    "steps": .object(["upload": .unavailable("step `upload` comes later")]),
  ]

  @Test(arguments: [
    (
      "name: Hello ${{ inputs.usrename }}!",
      """
      a.yaml:1:24: error[P0307]: unknown field `usrename` [unknown-field]
        1 | name: Hello ${{ inputs.usrename }}!
          |                        ^^^^^^^^
        hint: did you mean `username`?
      """
    ),
    (
      "when: ${{ inputs.count + 'a' > }}",
      """
      a.yaml:1:31: error[P0401]: expected a value, found the end of the expression [expression-syntax]
        1 | when: ${{ inputs.count + 'a' > }}
          |                               ^
      """
    ),
    (
      "when: ${{ inputs.count.startsWith('a') && steps.upload.ok }}",
      """
      a.yaml:1:24: error[P0501]: `startsWith` does not work on int and string [wrong-type]
        1 | when: ${{ inputs.count.startsWith('a') && steps.upload.ok }}
          |                        ^^^^^^^^^^
        hint: it is called as `string.startsWith(string)`

      a.yaml:1:49: error[P0308]: step `upload` comes later [unavailable-name]
        1 | when: ${{ inputs.count.startsWith('a') && steps.upload.ok }}
          |                                                 ^^^^^^
      """
    ),
    (
      "when: ${{ inputs.count = 1 }}",
      """
      a.yaml:1:24: error[P0401]: unexpected `=` [expression-syntax]
        1 | when: ${{ inputs.count = 1 }}
          |                        ^
        hint: compare with `==`
      """
    ),
    (
      "when: ${{ inputs.count > 1",
      """
      a.yaml:1:7: error[P0401]: the expression is not closed [expression-syntax]
        1 | when: ${{ inputs.count > 1
          |       ^^^
        hint: close it with `}}`
      """
    ),
  ])
  func `a diagnostic is rendered with its line`(_ line: String, _ expected: String) {
    var texts = SourceTexts()
    texts["a.yaml"] = line
    #expect(DiagnosticRenderer(texts: texts).render(Self.diagnostics(in: line)) == expected)
  }

  private static func diagnostics(in line: String) -> [Diagnostic] {
    let text = line.drop { $0 != ":" }.dropFirst(2)
    let column = line.count - text.count + 1
    do {
      return try Template.parse(String(text), literal: .null) { offset in
        SourceLocation(file: "a.yaml", line: 1, column: column + offset)
      }.check(in: environment).diagnostics
    } catch {
      return error.diagnostics
    }
  }
}
