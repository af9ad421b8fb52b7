import Files
import FoundationEssentials
import Glibc
import Synchronization
import Testing

/// Programs of this machine.
@Suite(.timeLimit(.minutes(20))) struct ProgramCallTests {
  private static func output(
    _ words: [String], input: String = "", variables: [String: String] = [:]
  ) throws -> String {
    let call = ProgramCall(
      words, input: Array(input.utf8), variables: variables, output: .kept(limit: 100_000))
    return String(decoding: try call.run(), as: UTF8.self)
  }

  @Test func `a program gets its words as they are, without a shell`() throws {
    #expect(try Self.output(["printf", "%s|", "a b", "$HOME", "*"]) == "a b|$HOME|*|")
  }

  @Test(arguments: [
    (["/nowhere/at-all"], ProgramFlaw.notStarted("no such file or directory")),
    (["sh", "-c", "echo secret; exit 3"], .failed(status: 3)),
    (["sh", "-c", "kill -9 $$"], .ended(signal: 9)),
    (["sh", "-c", "sleep 60"], .tooSlow(seconds: 1)),
    (["sh", "-c", "sleep 60 & exec sleep 60"], .tooSlow(seconds: 1)),
    (["sh", "-c", "exec >&-; exec sleep 60"], .tooSlow(seconds: 1)),
    (["yes"], .tooLarge(limit: 1000)),
    ([""], .notStarted("a word of it is empty or has a NUL character")),
    ([], .notStarted("a word of it is empty or has a NUL character")),
  ])
  func `a program that does not end well is ended`(_ words: [String], _ flaw: ProgramFlaw) {
    #expect(throws: flaw) {
      try ProgramCall(words, output: .kept(limit: 1000), seconds: 1).run()
    }
  }

  @Test(arguments: [
    (["sh", "-c", "exit 3"], ProgramFlaw.failed(status: 3)),
    (["sh", "-c", "sleep 60 & exec sleep 60"], .tooSlow(seconds: 1)),
  ])
  func `the end of a program whose output is discarded counts, too`(
    _ words: [String], _ flaw: ProgramFlaw
  ) {
    #expect(throws: flaw) { try ProgramCall(words, output: .discarded, seconds: 1).run() }
  }

  @Test func `a program without input reads nothing, and its errors are shown nowhere`() throws {
    #expect(try Self.output(["sh", "-c", "cat; echo error >&2; echo secret"]) == "secret\n")
  }

  @Test func `a program reads its input whole`() throws {
    let input = String(repeating: "äb\n", count: 1000)
    #expect(try Self.output(["cat"], input: input) == input)
    #expect(try Self.output(["cat", "/dev/stdin"], input: input) == input)
  }

  @Test func `a program need not read its input`() throws {
    #expect(try Self.output(["true"], input: "never read") == "")
  }

  @Test func `an input that a pipe does not hold is refused`() {
    #expect(throws: ProgramFlaw.notStarted("its input is too large for a pipe")) {
      try Self.output(["cat"], input: String(repeating: "a", count: 1 << 20))
    }
  }

  @Test func `variables are added to those of this process, or take their place`() throws {
    let text = try Self.output(
      ["sh", "-c", "printf '%s|' \"$PATH\" \"$PRIVIRUN_A\" \"$PRIVIRUN_B\""],
      variables: ["PRIVIRUN_A": "1 $x", "PATH": "/bin:/usr/bin", "PRIVIRUN_B": "a\0b"])
    #expect(text == "/bin:/usr/bin|1 $x|ab|")
  }

  @Test func `what a program started in the background ends with it`() throws {
    let folder = try TemporaryFolder()
    let script = "sleep 600 & echo $! > '\(folder.path)/number'"
    _ = try ProgramCall(["sh", "-c", script], output: .discarded).run()
    let number = try #require(folder.text(of: "number")).filter(\.isNumber)
    // The system ends it in its own time, and whoever adopted it may not have looked yet.
    while let state = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
      !state.contains(") Z ")
    { usleep(1000) }
  }

  @Test(arguments: [ProgramCall.Output.discarded, .kept(limit: 100)])
  func `a program is ended when nobody waits for it any more`(output: ProgramCall.Output) {
    let looks = Mutex(0)
    var call = ProgramCall(["sleep", "600"], output: output)
    call.isStopped = {
      looks.withLock { looks in
        looks += 1
        return looks > 2
      }
    }
    #expect(throws: ProgramFlaw.stopped) { try call.run() }
  }

  @Test(arguments: [
    (
      ProgramFlaw.notStarted("no such file or directory"),
      "cannot be started: no such file or directory"
    ),
    (.failed(status: 3), "failed with exit status 3"), (.ended(signal: 9), "was ended by signal 9"),
    (.tooSlow(seconds: 30), "did not end within 30 seconds"),
    (.tooLarge(limit: 10), "wrote more than 10 bytes"), (.stopped, "was stopped"),
  ])
  func `a message says how a program ended`(_ flaw: ProgramFlaw, _ phrase: String) {
    #expect(flaw.phrase == phrase)
  }
}
