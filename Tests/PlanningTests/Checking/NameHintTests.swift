import Diagnostics
import Planning
import Testing

/// What is said about names that were written in another way than they can be.
@Suite struct NameHintTests {
  private static func hints(_ expression: String) -> [String] {
    let text = """
      playbook: 1
      inputs:
        days: { type: integer, default: 1 }
      steps:
        - id: health
          call: utility.check-server-health
        - for-each: [a, b]
          as: tenant
          steps:
            - assert: tenant != ''
        - assert: inputs.days > 0
      outputs:
        value: "${{ \(expression) }}"
      """
    do {
      _ = try MemoryFiles(["a.yaml": text]).check("a.yaml")
      return []
    } catch let error as InvalidInput {
      return error.diagnostics.map { $0.hint ?? "" }
    } catch {
      return ["\(error)"]
    }
  }

  @Test(arguments: [
    ("steps.health-check", "`-` subtracts: call it `health_check` and write `steps.health_check`"),
    ("inputs.max-days", "`-` subtracts: call it `max_days` and write `inputs.max_days`"),
    ("steps.health.last-check", "`-` subtracts: write `steps.health['last-check']`"),
  ])
  func `a name with a hyphen is recognised`(_ expression: String, _ hint: String) {
    #expect(Self.hints(expression).contains(hint))
  }

  @Test func `a loop may call its element tenant`() {
    #expect(Self.hints("inputs.days") == [])
  }

  @Test(arguments: [
    ("len(steps.health)", "write `size(…)`"), ("'a'.toUpperCase()", "write `upperAscii()`"),
    ("max(1, 2)", "write `math.greatest(…)`"),
    ("'port ' + 80", "convert the other one to a string: `string(…)`"),
    ("'x' in 'xyz'", "write `text.contains(…)`"), ("'a' 'b'", "join strings with `+`"),
  ])
  func `the words of other languages lead to those of this one`(
    _ expression: String, _ hint: String
  ) {
    #expect(Self.hints(expression) == [hint])
  }
}
