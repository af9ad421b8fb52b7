import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Journaling

@Suite struct RunMatchingTests {
  let folder: TemporaryFolder
  let reader: JournalReader

  init() throws {
    folder = try TemporaryFolder()
    let journal = try SQLiteJournal.open(at: folder.journal)
    for (index, text) in ["abcd00000000", "abce00000000", "xyz000000000"].enumerated() {
      let run = try #require(RunID(text))
      let start = RunStart(
        run: run, playbook: "p\(index)", file: "p.yaml", planDigest: "", inputs: [:], seed: 0,
        version: "1")
      let at = SampleRun.beginning + .seconds(index)
      try journal.append([RunEvent(sequence: 0, at: at, kind: .runStarted(start))], run: run)
    }
    reader = journal.reader
  }

  @Test(arguments: ["x", "XYZ", "xyz000000000"])
  func `a prefix that only one run has is enough, in any case`(prefix: String) throws {
    #expect(try reader.run(matching: prefix).text == "xyz000000000")
  }

  @Test func `an ambiguous prefix names the candidates, newest first`() throws {
    #expect {
      try reader.run(matching: "abc")
    } throws: { error in
      "\(error)" == "`abc` could be any of abce00000000 (p1), abcd00000000 (p0)"
    }
  }

  @Test(arguments: ["", "q", "abcd000000000", "%", "_bcd", "ab*"])
  func `an unknown prefix says where to look`(prefix: String) throws {
    let error = JournalError.unknownRun(prefix: prefix)
    #expect(throws: error) { try reader.run(matching: prefix) }
    #expect(error.hint == "`privirun runs` lists them")
  }

  @Test func `the run before another is the latest earlier one of the same playbook`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    // The third starts at the instant of the second, and ids decide between them.
    let runs = [("m00000000000", 2), ("m00000000001", 4), ("m00000000002", 4)]
    for (text, second) in runs {
      let start = RunStart(
        run: try #require(RunID(text)), playbook: "p1", file: "other.yaml", planDigest: "",
        inputs: [:], seed: 0, version: "1")
      let at = SampleRun.beginning + .seconds(second)
      try journal.append([RunEvent(sequence: 0, at: at, kind: .runStarted(start))], run: start.run)
    }
    let expected = [
      "m00000000002": "m00000000001", "m00000000001": "m00000000000",
      "m00000000000": "abce00000000", "abce00000000": nil, "xyz000000000": nil,
      "nnnnnnnnnnnn": nil,
    ]
    for (run, earlier) in expected {
      #expect(try reader.predecessor(of: try #require(RunID(run)))?.text == earlier, "\(run)")
    }
  }

  @Test func `a run that is not there has no events`() throws {
    let run = SampleRun.drawn(3)
    #expect(throws: JournalError.unknownRun(prefix: run.text)) { try reader.events(of: run) }
  }
}
