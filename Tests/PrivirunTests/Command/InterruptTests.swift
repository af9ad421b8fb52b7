import Foundation
import Testing

@Suite("Interrupting", .timeLimit(.minutes(3)))
struct InterruptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `the first interrupt stops in good order, and what is always done is done`()
    async throws
  {
    try folder.write(
      """
      playbook: 1
      name: long
      steps:
        - id: work
          steps:
            - { id: pause, wait: 1h }
            - { id: never, wait: 1ms }
          always:
            - { id: tidy, call: utility.check-server-health }

      """, to: "long.yaml")
    let running = try Program.start(
      "run", "long.yaml", "--sandbox", "--output", "json", in: folder.path)
    for await line in running.lines where line.contains(#""kind":"pause""#) { break }
    running.interrupt()
    let ended = try await running.ended()
    #expect(ended.status == 4)
    #expect(ended.errors == "")
    let events = try JSONLines.objects(ended.output)
    let finished = events.filter { $0["type"] as? String == "step-finished" }
      .map { "\($0["step"] ?? "") \($0["outcome"] ?? "")" }
    #expect(finished.contains("work/pause cancelled"))
    #expect(finished.contains("work/always/tidy succeeded"))
    #expect(!finished.contains { $0.hasPrefix("work/never s") })
    #expect(events.last?["type"] as? String == "run-finished")
    #expect(events.last?["outcome"] as? String == "cancelled")
  }

  @Test func `the second interrupt stops at once`() async throws {
    try folder.write(
      """
      playbook: 1
      name: stubborn
      steps:
        - { id: pause, wait: 1h, always: [{ id: linger, wait: 1h }] }

      """, to: "stubborn.yaml")
    let running = try Program.start(
      "run", "stubborn.yaml", "--sandbox", "--output", "json", in: folder.path)
    for await line in running.lines where line.contains(#""kind":"pause""#) { break }
    running.interrupt()
    for await line in running.lines where line.contains(#""kind":"pause""#) { break }
    running.interrupt()
    #expect(try await running.ended().status == 4)
  }

  @Test func `an interrupted sandbox ends well`() async throws {
    let running = try Program.start("sandbox", in: folder.path)
    for await line in running.lines where line.hasPrefix("Ctrl-C") { break }
    running.interrupt()
    #expect(try await running.ended() == Ended(status: 0))
  }
}
