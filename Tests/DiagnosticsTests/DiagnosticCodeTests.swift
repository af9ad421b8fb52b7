import Diagnostics
import Testing

@Suite struct DiagnosticCodeTests {
  @Test func `each rule has a number of its own, in its group`() {
    let numbers = DiagnosticCode.allCases.map(\.number)
    #expect(Set(numbers).count == numbers.count)
    #expect(numbers.allSatisfy { $0.wholeMatch(of: /P\d{4}/) != nil })
    for code in DiagnosticCode.allCases {
      let group = String(code.group.rawValue)
      #expect(code.number.dropFirst().prefix(2).hasSuffix(group), "\(code.rawValue)")
    }
  }

  /// What is published stays: these must not be edited, only added to.
  @Test(arguments: [
    (DiagnosticCode.missingFile, "P0101", "missing-file"),
    (.unknownKey, "P0201", "unknown-key"), (.unknownStep, "P0305", "unknown-step"),
    (.wrongType, "P0501", "wrong-type"), (.secretInClear, "P0702", "secret-in-clear"),
    (.duplicateName, "P0902", "duplicate-name"), (.needlessTopic, "P1301", "needless-topic"),
  ])
  func `numbers and names stay as they are`(
    _ code: DiagnosticCode, _ number: String, _ name: String
  ) {
    #expect(code.number == number)
    #expect(code.rawValue == name)
  }

  @Test func `the groups have every rule once`() {
    let grouped = DiagnosticGroup.allCases.flatMap(\.codes)
    #expect(grouped.count == DiagnosticCode.allCases.count)
    #expect(Set(grouped) == Set(DiagnosticCode.allCases))
    #expect(grouped.map(\.number) == grouped.map(\.number).sorted())
  }

  @Test func `a rule is an error, a warning, or depends`() {
    #expect(DiagnosticCode.unknownKey.severity == .error)
    #expect(DiagnosticCode.unusedInput.severity == .warning)
    #expect(DiagnosticCode.needsSession.severity == nil)
  }
}
