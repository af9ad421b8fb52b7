import Diagnostics
import Operations
import OrderedCollections
import Planning
import Playbooks
import Testing

/// Documented reasons of refusals, and what a playbook does about them.
@Suite struct RefusalCheckTests {
  private static func check(
    _ steps: String, files: [String: String] = [:]
  ) throws -> CheckedPlaybook {
    let text = """
      playbook: 1
      session: { username: a, password: "${{ inputs.password }}" }
      inputs: { password: { type: secret } }
      steps:
      \(steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      """
    let file = "schemas/privicore-api.yaml"
    let api = try APIDescription(parsing: Array(try PackageFiles.text(file).utf8), file: file)
    return try MemoryFiles(files.merging(["main.yaml": text]) { $1 })
      .check("main.yaml", against: api)
  }

  private static let call =
    "call: oauth-application.retrieve-oauth-app-configuration, with: { applicationId: a }"
  private static let reason = "oauth.already_retrieved"

  @Test func `a documented refusal is said to be unhandled`() throws {
    let found = try Self.check("- { \(Self.call) }\n- { \(Self.call) }").unhandledRefusals
    #expect(
      found.map(\.message)
        == Array(
          repeating:
            "`oauth-application.retrieve-oauth-app-configuration` may be refused for `\(Self.reason)`",
          count: 2))
    #expect(found.allSatisfy { $0.severity == .warning && $0.hint?.contains(Self.reason) ?? false })
    #expect(found.map(\.location?.line) == [5, 6])
  }

  @Test(arguments: [
    "- { \(call), tolerate: [\(reason)] }", "- { \(call), rescue: [{ wait: 1s }] }",
    "- { \(call), retry: { attempts: 2, on: [rejected(\(reason))] } }",
    "- { steps: [{ \(call) }], rescue: [{ wait: 1s }] }",
    "- { for-each: [1], steps: [{ steps: [{ \(call) }] }], rescue: [{ wait: 1s }] }",
    "- { steps: [{ \(call) }], retry: { attempts: 2, on: [rejected(\(reason))] } }",
    "- { play: lib.yaml, rescue: [{ wait: 1s }] }",
  ])
  func `one with which the step or one around it deals is not`(_ step: String) throws {
    let lib = "playbook: 1\nsteps: [{ \(Self.call) }]"
    #expect(try Self.check(step, files: ["lib.yaml": lib]).unhandledRefusals == [])
  }

  @Test(arguments: [
    "- { wait: 1s, rescue: [{ \(call) }] }", "- { \(call), tolerate: [oauth.name_taken] }",
    "- { play: lib.yaml }", "- { \(call), retry: { attempts: 2, on: [invalid] } }",
  ])
  func `nothing else deals with it`(_ step: String) throws {
    let lib = "playbook: 1\nsteps: [{ \(Self.call) }]"
    #expect(try Self.check(step, files: ["lib.yaml": lib]).unhandledRefusals.count == 1)
  }

  @Test func `a reason that is nearly a documented one gets a warning`() throws {
    let checked = try Self.check("- { \(Self.call), tolerate: [oauth.already_retreived, other] }")
    #expect(checked.warnings.map(\.code) == [.unknownRefusal])
    #expect(checked.warnings.first?.hint == "did you mean `\(Self.reason)`?")
  }

  @Test(arguments: [
    ("- { wait: 1s, retry: { attempts: 2, on: [rejected(a.b)] } }", DiagnosticCode.misplacedKey),
    (
      "- { call: file.read, with: { file: a }, retry: { attempts: 2, on: [rejected(a.b)] } }",
      .misplacedKey
    ),
    (
      "- { \(call), retry: { attempts: 2, on: [rejected(oauth.already_retreived)] } }",
      .unknownRefusal
    ),
  ])
  func `a reason under retry is checked like one under tolerate`(
    _ step: String, _ code: DiagnosticCode
  ) throws {
    var found: [Diagnostic] = []
    do {
      found = try Self.check(step).warnings
    } catch let error as InvalidInput {
      found = error.diagnostics
    }
    #expect(found.map(\.code).contains(code))
    let hint = code == .unknownRefusal ? "did you mean `rejected(\(Self.reason))`?" : nil
    #expect(hint == nil || found.contains { $0.hint == hint })
  }

  @Test func `the language reference names operations and reasons that there are`() throws {
    let file = "schemas/privicore-api.yaml"
    let api = try APIDescription(parsing: Array(try PackageFiles.text(file).utf8), file: file)
    let reasons = Set(api.operations.values.flatMap(\.refusals))
    let text = try PackageFiles.text("docs/language.md")
    let calls = text.matches(of: /call: ([a-z-]+\.[a-z-]+)/).map { String($0.1) }
    #expect(calls.count > 10)
    for call in calls {
      #expect(
        api.operations[call] != nil || LocalAction(rawValue: call) != nil, "\(call)")
    }
    let named = text.matches(of: /(?:tolerate: \[|rejected\()([a-z_]+\.[a-z_]+)/).map {
      String($0.1)
    }
    #expect(named.count > 1)
    for reason in named { #expect(reasons.contains(reason), "\(reason)") }
  }
}
