import Diagnostics
import Expressions
import Testing

/// The CEL specification's own cases.
///
/// None is left out.
@Suite struct ConformanceTests {
  @Test(arguments: try ConformanceCase.load("basic"))
  func `basic values, variables and functions`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("comparisons"))
  func `equality and order`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("conversions"))
  func `conversions and types`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("fields"))
  func `fields and maps`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("fp_math"))
  func `arithmetic of doubles`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("integer_math"))
  func `arithmetic of integers`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("lists"))
  func `lists`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("logic"))
  func `conditions and the absorption of errors`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("macros"))
  func `macros`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("parse"))
  func `the grammar`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("plumbing"))
  func `inputs and results`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("string"))
  func `strings and bytes`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("math_ext"))
  func `the math extension`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("string_ext"))
  func `the strings extension`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("encoders_ext"))
  func `the encoders extension`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("macros2"))
  func `macros of two names`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("bindings_ext"))
  func `the bindings extension`(_ test: ConformanceCase) throws { try run(test) }

  @Test(arguments: try ConformanceCase.load("optionals"))
  func `optional values`(_ test: ConformanceCase) throws { try run(test) }

  @Test func `no case is missing`() throws {
    let files = [
      "basic", "comparisons", "conversions", "fields", "fp_math", "integer_math", "lists", "logic",
      "macros", "parse", "plumbing", "string", "math_ext", "string_ext", "encoders_ext",
      "macros2", "bindings_ext", "optionals",
    ]
    let names = try files.flatMap { try ConformanceCase.load($0) }.map(\.name)
    #expect(names.count == 1510)
    #expect(Set(names).count == 1510)
  }

  private func run(_ test: ConformanceCase) throws {
    let outcome = Self.outcome(of: test)
    switch (test.expectation, outcome) {
    case (.value(let expected), .value(let actual)): #expect(actual == expected)
    case (.error, .diagnostics), (.error, .error): break
    case (.value, .diagnostics), (.value, .error), (.error, .value):
      Issue.record("expected \(test.expectation), found \(outcome)")
    }
  }

  private enum Outcome {
    case value(Value)
    case diagnostics([Diagnostic])
    case error(EvaluationError)
  }

  private static func outcome(of test: ConformanceCase) -> Outcome {
    do {
      let location = SourceLocation(file: test.name, line: 1, column: 1)
      let expression = try Expression(parsing: test.source, at: location)
      if !test.isDynamic {
        var environment = TypeEnvironment()
        for name in test.bindings.names {
          environment[name] = test.bindings[name].map { StaticType(of: $0) }
        }
        let diagnostics = expression.check(in: environment).diagnostics
        if !diagnostics.isEmpty { return .diagnostics(diagnostics) }
      }
      return .value(try expression.evaluate(with: test.bindings))
    } catch let error as InvalidInput {
      return .diagnostics(error.diagnostics)
    } catch let error as EvaluationError {
      return .error(error)
    } catch {
      Issue.record(error)
      return .diagnostics([])
    }
  }
}
