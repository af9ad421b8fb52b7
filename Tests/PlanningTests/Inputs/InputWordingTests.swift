import Diagnostics
import Planning
import Playbooks
import Testing

/// Inputs that a command calls something else.
@Suite struct InputWordingTests {
  private static let wording = InputWording(
    noun: "field", option: "--with", fileOption: "--with-file",
    ownOptions: ["username": "--username", "password": "--password"])

  /// What is said about these arguments and the whole of their texts.
  private func said(_ arguments: [String], renaming names: [String: String] = [:]) throws -> String
  {
    let playbook = try InputBinderTests.parsed()
    var provided = ProvidedInputs(Self.wording)
    for argument in arguments { provided.take(argument: argument) }
    provided.rename(names)
    do throws(InvalidInput) {
      _ = try InputBinder(sources: InputBinderTests.sources, wording: Self.wording)
        .bind(provided, to: playbook)
      return ""
    } catch {
      return DiagnosticRenderer(texts: provided.texts(for: playbook)).render(error.diagnostics)
    }
  }

  @Test func `messages and places name the options of the command`() throws {
    let said = try said(["count=many", "username=nobody", "password=planted-1"])
    #expect(said.contains("--with count:1:7: error"))
    #expect(said.contains("the field `count` must be an integer, not `many`"))
    #expect(said.contains("--username:1:10: error"))
    #expect(said.contains("the option `--username` is `nobody`, which does not match"))
    #expect(said.contains("the option `--password` is secret"))
    #expect(!said.contains("the input"))
    #expect(!said.contains("planted-1"))
  }

  @Test func `what is missing is said with the option that gives it`() throws {
    let said = try said(["loud=true"])
    #expect(said.contains("give it with --username STRING"))
    #expect(said.contains("give it with --password env:VARIABLE or --password file:PATH"))
    #expect(!said.contains("greet.yaml"))
  }

  @Test func `a value counts for the input that its name stands for`() throws {
    let said = try said(["number=many"], renaming: ["number": "count"])
    #expect(said.contains("the field `count` must be an integer, not `many`"))
  }

  @Test func `an argument without a name is counted among those of the option`() throws {
    #expect(try said(["nonsense"]).contains("`--with` number 1 is not of the form NAME=VALUE"))
  }
}
