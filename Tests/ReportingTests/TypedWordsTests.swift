import Reporting
import Testing

/// Command lines that are being typed.
@Suite struct TypedWordsTests {
  @Test(arguments: [
    ["privirun", "show", "--journal", "a.sqlite", ""],
    ["privirun", "show", "--journal=a.sqlite", ""],
    ["privirun", "show", "--journal", "=", "a.sqlite", ""],
    ["privirun", "--journal", "b", "--journal", "a.sqlite"],
  ])
  func `an option is found however the shell splits it`(words: [String]) {
    #expect(TypedWords(words).value(of: "--journal") == "a.sqlite")
  }

  @Test(arguments: [
    ["privirun", "show"], ["privirun", "--journal"], ["privirun", "--journal", "--quiet"],
    ["privirun", "--", "--journal", "a"], ["privirun", "--journals", "a"], [],
  ])
  func `an option without a value has none`(words: [String]) {
    #expect(TypedWords(words).value(of: "--journal") == nil)
  }

  @Test(arguments: [
    "'with space.yaml'", #""with space.yaml""#, #"with\ space.yaml"#, "'with space.yaml",
    #"with' 'space"".yaml"#,
  ])
  func `quotes and backslashes are not part of a word`(typed: String) {
    let words = TypedWords(["privirun", "run", typed, "--input", "''"])
    #expect(words.arguments == ["run", "with space.yaml", ""])
  }

  @Test func `a backslash in quotes is one where it stands for nothing else`() {
    let words = TypedWords(["privirun", #"'a\b'"#, #""a\b\"c""#])
    #expect(words.arguments == [#"a\b"#, #"a\b"c"#])
  }

  @Test func `names that are given are known, and what may be an argument`() {
    let words = TypedWords([
      "privirun", "run", "a.yaml", "--input", "b=1", "--input=c=2", "--input", "d", "=", "3",
      "--input", "e",
    ])
    #expect(words.names(of: "--input") == ["b", "c", "d"])
    #expect(words.arguments.prefix(2) == ["run", "a.yaml"])
    #expect(TypedWords([]).arguments == [])
  }
}
