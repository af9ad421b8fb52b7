import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Testing

/// Loops over pages that are right, and what they plan.
@Suite struct PageCheckTests {
  private static func text(_ items: String) -> String {
    """
    playbook: 1
    inputs: { p: { type: secret } }
    session: { username: a, password: "${{ inputs.p }}" }
    steps:
      - id: s
        for-each: \(items)
        as: token
        steps: [{ assert: "string(token.token) != ''" }]
    """
  }

  private static func plan(_ items: String) throws -> Plan {
    try MemoryFiles(["a.yaml": text(items)]).check("a.yaml")
      .plan(inputs: ["p": .secret(text: "p")])
  }

  private static let pages = """

          call: data-token.list-data-tokens
          with: { page: "${{ next }}", perPage: 100 }
          items: ${{ answer.tokens }}
          next: "${{ answer.tokens == [] ? null : next == null ? 2 : next + 1 }}"
          timeout: 5s
          retry: { attempts: 4 }
    """

  @Test func `what reads the pages is a step of the loop`() throws {
    let plan = try Self.plan(Self.pages)
    let loop = try #require(plan.playbook.steps.first?.kind)
    let read = try #require(loop.steps.first)
    #expect(read.id == "page-1")
    #expect(read.modifiers.timeout == .constant(.seconds(5)))
    #expect(read.modifiers.retry?.attempts == .constant(4))
    guard case .call(let call) = read.kind, case .operation(let operation) = call.target else {
      Issue.record("the pages are read by no operation")
      return
    }
    #expect(operation.id == "data-token.list-data-tokens")
    #expect(plan.callsOperations)
  }

  @Test func `a page is found by its id, and nothing else is`() throws {
    let plan = try Self.plan(Self.pages)
    guard case .forEach(let loop)? = plan.playbook.steps.first?.kind, let pages = loop.pages else {
      Issue.record("the loop has no pages")
      return
    }
    #expect(pages.step(named: "page-12") == pages.step(ofPage: 12))
    #expect(pages.step(named: "page") == nil)
    #expect(pages.step(named: "page-x") == nil)
  }

  /// A run that is resumed must have the same outline: what was there before keeps its words.
  @Test func `the outline of a plan says how pages are read, and other loops keep theirs`() throws {
    let plain = try Self.plan("[{ token: 1 }]").outline
    #expect(
      plain == [
        "playbook a: p", " s: for-each token in  1 stop",
        "  step-1: assert string(token.token) != ''",
      ])
    let paged = try Self.plan(Self.pages).outline
    #expect(
      paged == [
        "playbook a: p",
        " s: for-each token in pages answer.tokens next answer.tokens == [] ? null "
          + ": next == null ? 2 : next + 1 1 stop",
        "  page-1: call data-token.list-data-tokens http safe, GET /data-token/list-data-tokens, "
          + "effect none (page: next, perPage: 100); timeout 5.0 seconds; retry 4",
        "  step-1: assert string(token.token) != ''",
      ])
  }

  @Test func `a playbook without a session whose loop reads pages needs one`() throws {
    let text = Self.text(Self.pages).replacing(
      "session: { username: a, password: \"${{ inputs.p }}\" }\n", with: "")
    let checked = try MemoryFiles(["a.yaml": text]).check("a.yaml")
    #expect(checked.dependence?.code == .needsSession)
  }
}
