import Diagnostics
import EventSamples
import Events
import Expressions
import Operations
import Testing

@testable import Reporting

@Suite struct RecorderTests {
  static func output(of recorder: (Written) -> any RunRecorder) -> String {
    let written = Written()
    var recorder = recorder(written)
    for event in SampleRun.events { recorder.record(event) }
    return written.all
  }

  static func plain(_ style: TerminalStyle = TerminalStyle()) -> String {
    output { PlainRecorder(style: style, write: $0.write) }
  }

  static func pretty(_ style: TerminalStyle = TerminalStyle(), columns: Int = 80, lines: Int = 24)
    -> String
  {
    output { written in
      PrettyRecorder(
        style: style, size: { TerminalSize(columns: columns, lines: lines) }, write: written.write)
    }
  }

  static func json() -> String {
    output { JSONRecorder(run: SampleRun.run, write: $0.write) }
  }

  @Test func `plain output says each change in a line`() throws {
    let text = Self.plain()
    #expect(try text == Snapshot.kept("plain.txt", insteadOf: text))
  }

  @Test func `plain output without Unicode and with colour`() throws {
    let text = Self.plain(TerminalStyle(color: .ansi, symbols: .ascii))
    #expect(try text == Snapshot.kept("plain-ascii-color.txt", insteadOf: text))
  }

  @Test func `what a terminal shows at the end of a live run`() throws {
    var screen = Screen(columns: 80)
    screen.show(Self.pretty())
    #expect(try screen.text == Snapshot.kept("pretty-screen.txt", insteadOf: screen.text))
  }

  @Test(arguments: [4, 8, 24], [20, 40, 120])
  func `no drawing is wider or taller than the terminal`(lines: Int, columns: Int) {
    let size = TerminalSize(columns: columns, lines: lines)
    var tree = RunTree()
    for event in SampleRun.events.dropLast() {
      tree.apply(event)
      let drawn = TreeRenderer(style: TerminalStyle()).live(
        roots: tree.roots[...], of: tree, at: event.at, size: size)
      #expect(drawn.count < lines)
      #expect(drawn.allSatisfy { DisplayWidth.columns(of: $0) <= columns })
    }
  }

  @Test func `a recorder guarded by a reporter writes the same`() async {
    let written = Written()
    let reporter = Reporter(JSONRecorder(run: SampleRun.run, write: written.write))
    await reporter.record(SampleRun.events)
    await reporter.tick(at: SampleRun.beginning)
    #expect(written.all == Self.json())
  }

  @Test(arguments: PlantedSecrets.spellings)
  func `no secret is in any output`(spelling: String) {
    let detail = RunDetail(SampleRun.events)
    let outputs = [
      Self.plain(), Self.pretty(), Self.json(), detail.text(TerminalStyle()), detail.json,
    ]
    #expect(!outputs.contains { $0.contains(spelling) })
  }

  @Test func `nothing from the service steers the terminal`() {
    let outputs = [Self.plain(), Self.json(), RunDetail(SampleRun.events).text(TerminalStyle())]
    for output in outputs {
      #expect(!output.contains { $0 == "\u{1B}" || $0 == "\u{7}" || $0 == "\u{202E}" })
    }
    // A live view writes its own sequences: cursor up, erase line, erase below, and no others.
    let pieces = Self.pretty().split(separator: "\u{1B}", omittingEmptySubsequences: false)
    for piece in pieces.dropFirst() { #expect(piece.prefixMatch(of: /\[(\d+A|K|J)/) != nil) }
    #expect(!Self.pretty().contains("\u{7}"))
  }
}
