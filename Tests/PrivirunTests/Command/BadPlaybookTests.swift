import Foundation
import Testing

/// A playbook that must not run, and how its diagnostic begins.
struct BadPlaybook: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: [UInt8]
  /// The line and column; the beginning where the whole file is the matter.
  let place: String
  let diagnostic: String

  init(_ name: String, _ text: String, _ place: String, _ diagnostic: String) {
    self.init(name, Array(text.utf8), place, diagnostic)
  }

  init(_ name: String, _ bytes: [UInt8], _ place: String, _ diagnostic: String) {
    testDescription = name
    self.bytes = bytes
    self.place = place
    self.diagnostic = diagnostic
  }

  /// One whose steps begin in line 4.
  static func steps(
    _ name: String, _ steps: String, _ place: String, _ diagnostic: String
  ) -> BadPlaybook {
    BadPlaybook(name, "playbook: 1\nname: bad\nsteps:\n\(steps)\n", place, diagnostic)
  }
}

@Suite("Bad playbooks", .timeLimit(.minutes(20)))
struct BadPlaybookTests {
  private static let files = [
    BadPlaybook("empty", "", "1:1", "the file is empty"),
    BadPlaybook(
      "two documents", "playbook: 1\nsteps: [{wait: 1s}]\n---\nplaybook: 1\n", "3:1",
      "a second document begins here"),
    .steps("a tab as indentation", "\t- wait: 1s", "4:1", "a tab cannot indent"),
    .steps("a key twice", "  - {wait: 1s, wait: 2s}", "4:16", "the key `wait` is given twice"),
    BadPlaybook(
      "aliases that explode",
      "playbook: 1\na: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + (1...9).map { step in
          let aliases = Array(repeating: "*x\(step - 1)", count: 10).joined(separator: ",")
          return "a\(step): &x\(step) [\(aliases)]\n"
        }.joined(), "6:38", "the file stands for more than 100000 values"),
    BadPlaybook(
      "50 MB", Array("playbook: 1\n#".utf8) + Array(repeating: 0x78, count: 50 << 20), "1:1",
      "the file `bad.yaml` is larger than 1 MiB"),
    BadPlaybook(
      "not UTF-8", Array("playbook: 1\nname: ".utf8) + [0xFF, 0x0A], "2:7",
      "byte 0xFF at offset 18 is not valid UTF-8"),
    BadPlaybook("a NUL byte", "playbook: 1\nname: a\0b\n", "2:8", "the file holds a NUL byte"),
    BadPlaybook(
      "deep nesting", "a: " + String(repeating: "[", count: 500), "1:67",
      "lists and maps are nested deeper than 64 levels"),
  ]

  private static let contents: [BadPlaybook] = [
    .steps("an unknown key", "  - cal: x", "4:5", "a step has no key `cal`"),
    .steps(
      "an unknown operation", "  - call: device.aprove-device", "4:11",
      "there is no operation `device.aprove-device`"),
    .steps(
      "a missing field", "  - call: device.approve-device", "4:11",
      "`device.approve-device` needs the field `deviceIdentifier`"),
    .steps(
      "an extra field", "  - call: utility.check-server-health\n    with: {nme: x}", "5:12",
      "`utility.check-server-health` has no field `nme`"),
    .steps(
      "a wrong type", "  - call: device.approve-device\n    with: {deviceIdentifier: [1]}", "5:30",
      "the field `deviceIdentifier` must be a string, not a list"),
    .steps(
      "an unknown step", "  - assert: ['steps.nope.x == 1']", "4:21", "there is no step `nope`"),
    .steps(
      "a later step", "  - assert: ['steps.b.x == 1']\n  - {id: b, wait: 1s}", "4:21",
      "the step `b` comes later"),
    .steps(
      "the step itself", "  - {id: b, assert: ['steps.b.x == 1']}", "4:29",
      "the step `b` is not done yet here: it cannot use itself"),
    .steps("a play that plays its own file", "  - play: bad.yaml", "4:11", "this play never ends"),
    .steps(
      "a play outside", "  - play: ../other.yaml", "4:11",
      "`../other.yaml` is outside the folder of the first playbook"),
    .steps(
      "a broken expression", "  - {when: '${{ 1 + }}', wait: 1s}", "4:20",
      "expected a value, found the end of the expression"),
    .steps("a list as a step", "  - [wait, 1s]", "4:5", "a step must be a map, not a list"),
  ]

  @Test(arguments: files + contents)
  func `it is reported with its location, and nothing is sent`(_ bad: BadPlaybook) async throws {
    let folder = try TemporaryFolder()
    try Data(bad.bytes).write(to: URL(filePath: folder.path).appending(component: "bad.yaml"))
    try await HostileServer.serving { _ in
      .json("{}")
    } body: { server in
      let ended = try await Program.run(
        "run", "bad.yaml", "--api-url", server.address, in: folder.path)
      #expect(ended.status == 2)
      #expect(ended.output == "")
      #expect(
        ended.errors.replacing(/\[P\d{4}\]/, with: "")
          .hasPrefix("bad.yaml:\(bad.place): error: \(bad.diagnostic)"), "\(ended.errors)")
      let isQuoted = ended.errors.contains("\n    | ") && ended.errors.contains("^")
      #expect(isQuoted == (bad.bytes.count <= 1 << 20), "\(ended.errors)")
      #expect(server.requests == [])
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
    }
  }
}
