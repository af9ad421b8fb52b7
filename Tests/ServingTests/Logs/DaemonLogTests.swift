import Logging
import Serving
import Testing

@Suite struct DaemonLogTests {
  private static let json =
    #"{"time":"2026-11-30T05:00:00.000000Z","level":"info","message":"schedule due","#
    + #""fields":{"rollout":"r1","schedule":"nightly"}}"#

  @Test(arguments: [
    (
      LogFormat.text, LogReader.anybody,
      "2026-11-30T05:00:00.000000Z info schedule due rollout=r1 schedule=nightly"
    ),
    (.text, .systemdJournal, "<6>schedule due rollout=r1 schedule=nightly"),
    (.json, .anybody, json), (.json, .systemdJournal, "<6>\(json)"),
  ])
  func `an entry is one line with its fields in the order of their names`(
    _ format: LogFormat, _ reader: LogReader, _ line: String
  ) {
    let written = WrittenLines()
    written.logger(format, for: reader)
      .info("schedule due", metadata: ["schedule": "nightly", "rollout": "r1"])
    #expect(written.lines == [line + "\n"])
  }

  @Test(arguments: zip(Logger.Level.allCases, [7, 7, 6, 5, 4, 3, 2]))
  func `the systemd journal gets the priority of the level`(
    _ level: Logger.Level, _ priority: Int
  ) {
    let written = WrittenLines()
    written.logger().log(level: level, "x")
    #expect(written.lines == ["<\(priority)>x\n"])
  }

  @Test(arguments: [
    (String?("8:123"), String?("8:123"), LogReader.systemdJournal), ("8:123", "8:124", .anybody),
    (nil, "8:123", .anybody), ("8:123", nil, .anybody), (nil, nil, .anybody),
  ])
  func `the systemd journal reads standard error where that is its stream`(
    _ stream: String?, _ standardError: String?, _ reader: LogReader
  ) {
    #expect(LogReader(stream: stream, standardError: standardError) == reader)
  }

  @Test func `entries below the level are left out`() {
    let written = WrittenLines()
    let logger = written.logger(level: .notice)
    for level in Logger.Level.allCases { logger.log(level: level, "\(level)") }
    #expect(written.lines == ["<5>notice\n", "<4>warning\n", "<3>error\n", "<2>critical\n"])
  }

  @Test func `a field of an entry comes before one of the logger and one of its provider`() {
    let written = WrittenLines()
    var logger = written.logger()
    logger.handler.metadataProvider = Logger.MetadataProvider { ["a": "p", "b": "p", "c": "p"] }
    logger[metadataKey: "a"] = "l"
    logger[metadataKey: "b"] = "l"
    logger.info("x", metadata: ["a": "e"])
    #expect(written.lines == ["<6>x a=e b=p c=p\n"])
  }

  @Test func `an error is a field`() {
    struct Broken: Error, CustomStringConvertible { let description = "disk full" }
    let written = WrittenLines()
    written.logger().error("x", error: Broken())
    #expect(written.lines == ["<3>x error=\"disk full\"\n"])
  }

  @Test(arguments: [
    ("", "\"\""), ("a b", "\"a b\""), ("a=b", "\"a=b\""), ("say \"so\"", #""say \"so\"""#),
    ("é", "\"é\""), ("a/b.c-d_e:1", "a/b.c-d_e:1"),
    ("x\n2026-11-30T05:00:00Z error forged", #""x\n2026-11-30T05:00:00Z error forged""#),
    ("\u{1B}[31mred", #""\u001b[31mred""#), ("\r\u{0}\u{7F}", #""\r\u0000\u007f""#),
    ("\u{2028}\u{202E}", #""\u2028\u202e""#),
  ])
  func `no value of a field can end its line or forge another field`(
    _ value: String, _ text: String
  ) {
    let written = WrittenLines()
    written.logger().info("x", metadata: ["a": .string(value)])
    #expect(written.lines == ["<6>x a=\(text)\n"])
  }

  @Test(arguments: LogFormat.allCases)
  func `no message and no name of a field can end its line`(_ format: LogFormat) {
    let written = WrittenLines()
    written.logger(format).info(
      "one\ntwo\r\u{1B}\u{2029}", metadata: ["a\nb=c d": "1", "": "2", "\u{202E}": "3"])
    let line = written.lines.joined()
    let isHarmless = line.unicodeScalars.dropLast().allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: false
      case _: true
      }
    }
    #expect(isHarmless && line.last == "\n", "\(line)")
  }

  @Test(arguments: [
    (Logger.MetadataValue.stringConvertible(3), "3"), (.stringConvertible(2.5), "2.5"),
    (.stringConvertible(true), "true"), (.array(["a", "b c"]), #"["a","b c"]"#),
    (.dictionary(["k": "v", "j": .stringConvertible(1)]), #"{"j":1,"k":"v"}"#),
  ])
  func `numbers, lists and maps stay what they are`(
    _ value: Logger.MetadataValue, _ text: String
  ) {
    let written = WrittenLines()
    for format in [LogFormat.text, .json] {
      written.logger(format, for: .anybody).info("x", metadata: ["a": value])
    }
    #expect(
      written.lines == [
        "2026-11-30T05:00:00.000000Z info x a=\(text)\n",
        #"{"time":"2026-11-30T05:00:00.000000Z","level":"info","message":"x","fields":{"a":"#
          + text + "}}\n",
      ])
  }

  @Test func `long texts are cut, and so are many fields`() {
    let written = WrittenLines()
    let metadata = (0..<60).map { ("f\($0)", Logger.MetadataValue.string("v")) }
    let logger = written.logger()
    logger.info("\(String(repeating: "m", count: 3000))")
    logger.info("x", metadata: ["a": .string(String(repeating: "é", count: 2001))])
    logger.info("x", metadata: .init(uniqueKeysWithValues: metadata))
    #expect(written.lines[0] == "<6>\(String(repeating: "m", count: 2000))…\n")
    #expect(written.lines[1] == "<6>x a=\"\(String(repeating: "é", count: 2000))…\"\n")
    #expect(written.lines[2].split(separator: " ").count == 51)
  }

  @Test func `entries that find no room are counted by the next one that does`() {
    let written = WrittenLines()
    let logger = written.logger()
    var child = logger
    child[metadataKey: "a"] = "b"
    written.makeRoom(for: 1)
    for number in 1...3 { logger.info("\(number)") }
    child.info("4")
    written.makeRoom(for: 1)
    logger.info("5")
    written.makeRoom(for: 9)
    logger.info("6")
    #expect(
      written.lines == [
        "<6>1\n", "<4>log entries were lost: nobody read them entries=3\n",
        "<4>log entries were lost: nobody read them entries=1\n", "<6>6\n",
      ])
  }
}
