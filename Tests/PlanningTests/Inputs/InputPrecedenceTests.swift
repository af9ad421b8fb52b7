import Diagnostics
import Expressions
import Planning
import Playbooks
import Testing

/// Which value counts when an input is given more than once.
@Suite struct InputPrecedenceTests {
  @Test func `a later file replaces values of an earlier one, and an argument those of files`()
    throws
  {
    var provided = ProvidedInputs()
    provided.take(file: "a.yaml", Array("username: a@b.c\ncount: 4\n".utf8))
    provided.take(file: "b.yaml", Array("password: env:P\n".utf8))
    let bound = try InputBinder(sources: InputBinderTests.sources).bind(
      provided, to: try InputBinderTests.parsed())
    #expect(bound.values["count"] == 4)
    provided.take(file: "c.yaml", Array("loud: true\ncount: 5\n".utf8))
    let later = try InputBinder(sources: InputBinderTests.sources).bind(
      provided, to: try InputBinderTests.parsed())
    #expect(later.values["count"] == 5)
    #expect(later.values["loud"] == true)
    provided.take(argument: "count=6")
    let named = try InputBinder(sources: InputBinderTests.sources).bind(
      provided, to: try InputBinderTests.parsed())
    #expect(named.values["count"] == 6)
  }

  @Test func `a name that the playbook does not have is reported in every file`() throws {
    var provided = ProvidedInputs()
    provided.take(file: "a.yaml", Array("username: a@b.c\ncuont: 4\n".utf8))
    provided.take(argument: "count=6")
    provided.take(argument: "password=env:P")
    let unknown = Diagnostic(
      .unknownInput, "`greet` has no input `cuont`",
      at: SourceLocation(file: "a.yaml", line: 2, column: 1, length: 5),
      hint: "did you mean `count`?")
    #expect(throws: InvalidInput([unknown])) {
      try InputBinder(sources: InputBinderTests.sources).bind(
        provided, to: try InputBinderTests.parsed())
    }
  }
}
