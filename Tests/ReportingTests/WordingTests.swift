import Diagnostics
import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct WordingTests {
  @Test(arguments: [
    (Duration.zero, "0 ms"), (.milliseconds(999), "999 ms"), (.milliseconds(1250), "1.2 s"),
    (.milliseconds(59_999), "59.9 s"), (.seconds(65), "1 min 5 s"), (.seconds(3720), "1 h 2 min"),
    (.seconds(-5), "0 ms"),
  ])
  func `durations are written as people write them`(duration: Duration, text: String) {
    #expect(ElapsedText.text(duration) == text)
  }

  @Test(
    arguments: [
      (
        ["ballots": ["sent": 3, "yes": 2, "no": 1], "expiresAt": 1_767_225_641],
        "2 of 3 yes, 1 no, 41 s left"
      ),
      (["ballots": ["yes": 1, "pending": .uint(2)]], "1 of 3 yes"),
      (
        [
          "poolId": "p", "status": "pending",
          "ballots": ["sent": 3, "yes": 1, "no": 1, "pending": 1], "quorumSize": 2,
          "strategy": "consensus", "expiresAt": "2026-01-01T00:00:41+00:00", "attempt": 2,
          "maximumAttempts": 3,
        ], "1 of 3 yes, 1 no, attempt 2 of 3, 41 s left"
      ), (["ballots": ["sent": 1], "attempt": 1, "maximumAttempts": 1], "0 of 1 yes"),
      (["ballots": [["vote": "yes"], ["vote": "NO"], ["vote": nil]]], "1 of 3 yes, 1 no"),
      (["ballots": [true, false]], "1 of 2 yes, 1 no"),
      (
        ["ballots": ["sent": 1], "expiresAt": "2025-12-31T23:59:59+00:00"], "0 of 1 yes, time is up"
      ),
      (
        ["ballots": ["sent": 1], "expiresAt": "2026-01-01T01:00:10+01:00"], "0 of 1 yes, 10 s left"
      ),
      (["ballots": ["sent": 1], "expiresAt": "soon"], "0 of 1 yes"),
      (["ballots": ["sent": 1, "yes": .int(.max), "no": .int(.max)]], "0 of 1 yes"),
      (["ballots": .secret(text: "x")], nil), (["status": "pending"], nil), (.string("yes"), nil),
      (.secret(Secret(["ballots": ["sent": 1]] as Value)), nil),
    ] as [(Value, String?)])
  func `ballots are read from any likely form`(answer: Value, text: String?) {
    #expect(VoteProgress(answer)?.text(at: SampleRun.beginning) == text)
  }

  @Test(
    arguments: [
      ("a", "a"), (["a": 1], #"{"a":1}"#), (.secret(text: "x"), "•••"),
      (.unknown(Unknown("a.id")), "(known after apply)"),
      (.secret(Secret(.unknown(Unknown("a.id")))), "(known after apply)"),
      (
        ["a": .unknown(Unknown("a.id")), "b": .secret(text: "x")],
        #"{"a":(known after apply),"b":"•••"}"#
      ),
    ] as [(Value, String)])
  func `a value is shown as people read it`(value: Value, text: String) {
    #expect(ValueText.text(value, limit: nil) == text)
  }

  @Test(arguments: [
    ("plain", "plain", "plain"), ("a\u{1B}[2Jb", "a\\u{1b}[2Jb", "a\\u{1b}[2Jb"),
    ("\u{202E}evil\u{2066}", "\\u{202e}evil\\u{2066}", "\\u{202e}evil\\u{2066}"),
    ("tab\tline\nend\r", "tab\\tline\\nend\\r", "tab\\tline\\nend\\r"),
    ("\u{9B}31m\u{7F}", "\\u{9b}31m\\u{7f}", "\\u{9b}31m\\u{7f}"),
    ("größe", "größe", "gr\\u{f6}\\u{df}e"), ("•••", "•••", "***"),
    ("\u{E000}\u{2028}", "\\u{e000}\\u{2028}", "\\u{e000}\\u{2028}"),
    (
      "a\u{301}\u{301}\u{301}\u{301}\u{301}", "a\u{301}\u{301}\u{301}\u{301}\\u{301}",
      "a\\u{301}\\u{301}\\u{301}\\u{301}\\u{301}"
    ),
  ])
  func `texts from outside are made printable`(text: String, unicode: String, ascii: String) {
    #expect(Array(TerminalStyle().printable(text).unicodeScalars) == Array(unicode.unicodeScalars))
    #expect(TerminalStyle(symbols: .ascii).printable(text) == ascii)
  }

  @Test(
    arguments: [
      (["TERM": "vt100"], true, TerminalStyle(color: .ansi, symbols: .ascii)),
      ([:], true, TerminalStyle(color: .none, symbols: .ascii)),
      (["TERM": ""], true, TerminalStyle(color: .none, symbols: .ascii)),
      (
        ["LANG": "de_DE.UTF-8", "TERM": "xterm"], true,
        TerminalStyle(color: .ansi, symbols: .unicode)
      ),
      (
        ["LANG": "C.utf8", "LC_ALL": "C", "TERM": "xterm"], true,
        TerminalStyle(color: .ansi, symbols: .ascii)
      ),
      (["LANG": "C.UTF-8", "NO_COLOR": "1"], true, TerminalStyle(color: .none, symbols: .unicode)),
      (
        ["LANG": "C.UTF-8", "NO_COLOR": "", "TERM": "xterm"], true,
        TerminalStyle(color: .ansi, symbols: .unicode)
      ),
      (
        ["LC_CTYPE": "C.UTF-8", "TERM": "dumb"], true,
        TerminalStyle(color: .none, symbols: .unicode)
      ),
      (["LANG": "C.UTF-8"], false, TerminalStyle(color: .none, symbols: .unicode)),
    ] as [([String: String], Bool, TerminalStyle)])
  func `the environment decides the style`(
    environment: [String: String], allowsColor: Bool, style: TerminalStyle
  ) {
    #expect(TerminalStyle(environment: environment, allowsColor: allowsColor) == style)
  }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("漢字漢", 5, "漢字…"), ("漢字", 4, "漢字"),
    ("漢字", 3, "漢…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("😀😀", 3, "😀…"),
  ])
  func `a line is cut to its columns`(text: String, width: Int, cut: String) {
    #expect(StyledLine(text).rendered(TerminalStyle(), width: width) == cut)
  }

  @Test func `notices are the last lines of a run, each once and not without end`() {
    let steps = (0..<23).map { number in
      let path = StepPath(components: [.step("step\(number)")])
      return RunEvent.Kind.stepFinished(
        path,
        StepResult(outcome: .succeeded, notice: "a new key was written to `\(max(number, 1))`"))
    }
    let ending = RunEvent.Kind.runFinished(RunResult(outcome: .succeeded, outputs: ["a": 1]))
    let tree = RunTree(
      (steps + [ending]).enumerated().map {
        RunEvent(sequence: $0, at: SampleRun.beginning, kind: $1)
      })
    let lines = TreeRenderer(style: TerminalStyle()).summary(tree, width: 80)
    #expect(lines.dropFirst(2).first == "  a = 1")
    #expect(lines.dropFirst(3).first == "note: a new key was written to `1`")
    #expect(lines.suffix(2).first == "note: a new key was written to `20`")
    #expect(lines.last == "note: 2 more, which `privirun show --output json` lists")
  }

  @Test func `a cut keeps the colours closed`() {
    var line = StyledLine("abc", .good)
    line.append("defg", .bad)
    let style = TerminalStyle(color: .ansi, symbols: .unicode)
    #expect(
      line.rendered(style, width: 5) == "\u{1B}[32mabc\u{1B}[0m\u{1B}[31md…\u{1B}[0m")
  }

  @Test(arguments: FailureClass.allCases)
  func `a failure without an exchange is still explained`(kind: FailureClass) {
    let failure = Failure(kind, "it broke")
    let explanation = FailureExplanation(failure, at: nil, outcome: .failed, in: RunTree())
    #expect(
      explanation.lines[0].rendered(TerminalStyle())
        == "the run failed (\(kind.rawValue)): it broke")
    #expect(explanation.lines.count == (kind == .local || kind == .expectation ? 1 : 2))
  }

  @Test func `the playbook of a single call is no place that a failure points to`() {
    func places(_ file: String) -> [String] {
      let failure = Failure(
        .local, "it broke", location: SourceLocation(file: file, line: 5, column: 5, length: 2))
      return FailureExplanation(failure, at: nil, outcome: .failed, in: RunTree()).facts
        .filter { $0.name == "where" }.map(\.text)
    }
    #expect(places(PlaybookFiles.callName) == [])
    #expect(places("call.yaml") == ["call.yaml:5:5"])
  }

  @Test(arguments: FailureClass.allCases)
  func `what is in doubt is looked at before it is run again`(kind: FailureClass) {
    var failure = Failure(kind, "it broke", lookup: "profile.authenticate")
    func advice() -> [String] {
      FailureExplanation(failure, at: nil, outcome: .inDoubt, in: RunTree()).lines.dropFirst()
        .map { $0.rendered(TerminalStyle()) }
    }
    let doubt = "  next      it may or may not have happened: look"
    #expect(
      advice() == ["\(doubt) with `profile.authenticate` before you run it again"])
    failure.lookup = nil
    failure.hint = "is a vote open?"
    #expect(
      advice() == [
        "\(doubt) at the service before you run it again", "            is a vote open?",
      ])
  }

  @Test(
    arguments: [
      (.assert, nil, "check the inputs and the results of earlier steps"),
      (.call, ["a": 1], "compare the condition with the response above"),
    ] as [(StepSummary.Kind, Value, String)])
  func `a broken condition is compared with an answer only where there is one`(
    step: StepSummary.Kind, answer: Value, hint: String
  ) {
    let path = StepPath(components: [.step("a")])
    var tree = RunTree()
    tree.apply(
      RunEvent(
        sequence: 0, at: SampleRun.beginning,
        kind: .stepStarted(path, StepSummary(kind: step, title: "a"))))
    let lines = FailureExplanation(
      Failure(.expectation, "it does not hold", answer: answer), at: path, outcome: .failed,
      in: tree
    ).lines.map { $0.rendered(TerminalStyle()) }
    #expect(lines.last?.hasPrefix("  next      \(hint)") == true)
  }
}
