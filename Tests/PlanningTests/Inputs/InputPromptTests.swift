import Diagnostics
import Expressions
import Planning
import Playbooks
import Synchronization
import Testing

/// Asking a person for the inputs that are missing.
@Suite struct InputPromptTests {
  /// What is asked, and the answers in turn.
  private final class Person: Sendable {
    let questions = Mutex<[InputQuestion]>([])
    private let answers: Mutex<[String]>

    init(_ answers: [String]) {
      self.answers = Mutex(answers)
    }

    func answer(_ question: InputQuestion) -> String? {
      questions.withLock { $0.append(question) }
      return answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    var sources: InputSources {
      var sources = InputBinderTests.sources
      sources.ask = { self.answer($0) }
      return sources
    }
  }

  private static func bind(_ texts: [String], _ person: Person) throws -> ValueMap {
    var provided = ProvidedInputs()
    for text in texts { provided.take(argument: text) }
    return try InputBinder(sources: person.sources)
      .bind(provided, to: try InputBinderTests.parsed()).values
  }

  @Test func `what is missing is asked for, in the order declared`() throws {
    let person = Person(["a@b.c", "typed"])
    let bound = try Self.bind(["count=4"], person)
    #expect(bound["username"] == "a@b.c")
    #expect(bound["password"] == .secret(text: "typed"))
    #expect(
      person.questions.withLock { $0 } == [
        InputQuestion(
          name: "username", expected: "a string", summary: "Login name", isSecret: false),
        InputQuestion(
          name: "password", expected: "a string", summary: "The password", isSecret: true),
      ])
  }

  @Test func `an answer that is wrong is asked for again, three times at most`() throws {
    let person = Person(["nobody", "a@b.c", "typed"])
    #expect(try Self.bind([], person)["username"] == "a@b.c")
    #expect(
      person.questions.withLock { $0.map(\.complaint) } == [
        nil,
        "the input `username` is `nobody`, which does not match the pattern `[a-z]+@[a-z.]+`", nil,
      ])
    let other = Person(["a", "b", "c", "a@b.c"])
    let error = #expect(throws: InvalidInput.self) { try Self.bind([], other) }
    #expect(other.questions.withLock { $0.count } == 3)
    #expect(error?.diagnostics.first?.location == nil)
  }

  @Test func `a new secret is typed twice`() throws {
    let text = """
      playbook: 1
      inputs: { password: { type: secret, new: true } }
      steps: [{ call: utility.check-server-health }]
      """
    let playbook = try MemoryFiles(["a.yaml": text]).check("a.yaml").planned
    let person = Person(["hunter2", "hunter3", "hunter2", "hunter2"])
    let bound = try InputBinder(sources: person.sources).bind(ProvidedInputs(), to: playbook)
    #expect(bound.values == ["password": .secret(text: "hunter2")])
    #expect(
      person.questions.withLock { $0.map(\.round) } == [.first, .repeated, .first, .repeated])
    #expect(
      person.questions.withLock { $0[2].complaint }
        == "the two values of the input `password` differ")
  }

  @Test func `nobody is asked when something else is wrong, and no answer leaves it missing`() {
    let person = Person(["typed"])
    #expect(throws: InvalidInput.self) { try Self.bind(["username=1"], person) }
    #expect(person.questions.withLock { $0.isEmpty })
    let silent = Person([""])
    #expect(throws: InvalidInput.self) { try Self.bind([], silent) }
    #expect(silent.questions.withLock { $0.count } == 1)
  }
}
