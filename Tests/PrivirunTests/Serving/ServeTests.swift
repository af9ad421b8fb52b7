import Foundation
import GRDB
import Glibc
import Testing

/// `privirun serve` as a process: what ends it, and what follows.
@Suite struct ServeTests {
  @Test func `each second has one verdict, and SIGTERM ends the daemon with 0`() async throws {
    let served = try ServedFolder(["good"])
    let daemon = try served.serve()
    for _ in 1...3 { _ = try await daemon.entry("rollout ended") }
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
    let ticks = try await served.ticks()
    #expect(ticks.count >= 3)
    #expect(ticks.areWhole)
    for tick in ticks where ["ran", "caught-up"].contains(tick.verdict) {
      #expect(try await served.outcome(of: try #require(tick.rollout)) == "succeeded")
    }
  }

  @Test func `what a killed daemon left is continued by the next one`() async throws {
    let served = try ServedFolder(["slow"])
    let first = try served.serve()
    let rollout = try #require(try await first.entry("rollout started")["rollout"] as? String)
    first.kill()
    _ = await first.ended()
    let second = try served.serve()
    #expect(try await second.entry("rollout resumed")["rollout"] as? String == rollout)
    #expect(try await served.rollouts.run("rollout", "cancel", rollout).status == 0)
    #expect(try await second.entry("rollout ended")["rollout"] as? String == rollout)
    second.signal(SIGTERM)
    #expect(await second.ended().status == 0)
    #expect(try await served.outcome(of: rollout) == "cancelled")
    #expect(try await served.ticks().areWhole)
  }

  @Test func `a rollout whose texts are gone is in doubt, notified of, and not waited for`()
    async throws
  {
    let served = try ServedFolder(["slow"], Self.keeping)
    let first = try served.serve()
    let rollout = try #require(try await first.entry("rollout started")["rollout"] as? String)
    first.kill()
    _ = await first.ended()
    let database = try DatabaseQueue(path: "\(served.folder.path)/.privirun/journal.sqlite")
    try await database.write { try $0.execute(sql: "DELETE FROM texts") }
    try database.close()
    let second = try served.serve()
    let doubt = try await second.entry("the rollout cannot be resumed, and is recorded as in doubt")
    #expect(doubt["rollout"] as? String == rollout)
    #expect(try await second.entry("notification delivered")["topic"] as? String == "in-doubt")
    second.kill()
    _ = await second.ended()
  }

  @Test func `the outputs of a rollout are in its file when the next instant is due`() async throws
  {
    let served = try ServedFolder(["good", "bad"], "outputs: outputs.csv")
    let daemon = try served.serve()
    _ = try await daemon.entry("rollout ended")
    #expect(try served.outputs("outputs.csv") == "\"name\",\"kind\"\r\n\"t0\",\"good\"\r\n")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  @Test func `a daemon that continues a rollout writes its outputs`() async throws {
    let served = try ServedFolder(["ask"], "outputs: outputs.jsonl")
    let first = try served.serve()
    _ = try await first.entry("rollout waits for decisions on its tenants")
    first.kill()
    _ = await first.ended()
    #expect(try await served.rollouts.run("approve", "latest").status == 0)
    let second = try served.serve()
    _ = try await second.entry("rollout resumed")
    _ = try await second.entry("rollout ended")
    second.signal(SIGTERM)
    #expect(await second.ended().status == 0)
    #expect(try served.outputs("outputs.jsonl") == "{\"name\":\"t0\",\"kind\":\"ask\"}\n")
  }

  @Test func `the outputs of a rollout that ended while no daemon ran are in its file`()
    async throws
  {
    let served = try ServedFolder(["ask"], "outputs: outputs.csv")
    let first = try served.serve()
    let waiting = try await first.entry("rollout waits for decisions on its tenants")
    let rollout = try #require(waiting["rollout"] as? String)
    first.kill()
    _ = await first.ended()
    #expect(try await served.rollouts.run("schedule", "pause", "kinds").status == 0)
    #expect(try await served.rollouts.run("approve", "latest").status == 0)
    #expect(try await served.rollouts.run("rollout", "resume", rollout).status == 0)
    try FileManager.default.removeItem(atPath: "\(served.folder.path)/outputs.csv")
    let second = try served.serve()
    #expect(try await second.entry("rollout ended")["rollout"] as? String == rollout)
    let rows = #""name","kind"\#r\#n"t0","ask"\#r\#n"#
    #expect(try served.outputs("outputs.csv") == rows)
    second.signal(SIGTERM)
    #expect(await second.ended().status == 0)
  }

  @Test func `a drift rollout that cannot look for drift is notified of as failed`() async throws {
    let served = try ServedFolder(["good"], "mode: drift", "environment: live", Self.keeping)
    try served.folder.write(
      """
      privirun: 1
      environments:
        live:
          api-url: https://127.0.0.1:9
          journal: .privirun/journal.sqlite
          ca-file: broken.pem

      """, to: "privirun.yaml")
    try served.folder.write("no certificate", to: "broken.pem")
    var rollouts = served.rollouts
    rollouts.environment = [:]
    let daemon = try rollouts.start(
      "serve", "rollout.yaml", "--listen", "none", "--log-format", "json")
    _ = try await daemon.entry("the plan failed")
    #expect(try await daemon.entry("notification delivered")["topic"] as? String == "failed")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  @Test func `an instant that waits when the file is removed is notified of as missed`()
    async throws
  {
    let served = try ServedFolder(["slow"], schedule: "overlap: queue", Self.keeping)
    let daemon = try served.rollouts.start(
      "serve", ".", "--listen", "none", "--log-format", "json", "--drain-timeout", "0")
    _ = try await daemon.entry("rollout started")
    _ = try await daemon.entry("skipped-overlap")
    try FileManager.default.removeItem(atPath: "\(served.folder.path)/rollout.yaml")
    var delivered = try await daemon.entry("notification delivered")
    while delivered["topic"] as? String != "missed" {
      delivered = try await daemon.entry("notification delivered")
    }
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  @Test func `what nobody received is counted in the metrics of the next daemon`() async throws {
    let served = try ServedFolder(["good"], "notify: [{ post: \"http://127.0.0.1:9\" }]")
    let first = try served.serve()
    _ = try await first.entry("notification not delivered")
    first.kill()
    _ = await first.ended()
    let second = try served.rollouts.start(
      "serve", "rollout.yaml", "--listen", "127.0.0.1:0", "--log-format", "json")
    let address = try #require(try await second.entry("listening")["address"] as? String)
    let port = try #require(address.split(separator: ":").last)
    let words = """
      until { exec 3<>/dev/tcp/127.0.0.1/\(port) && printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3 \
      && grep -q '^privirun_notifications_pending [1-9]' <&3; }; do sleep 0.1; done
      """
    #expect(try await Program.shell(words, in: served.folder.path).status == 0)
    second.signal(SIGTERM)
    #expect(await second.ended().status == 0)
  }

  /// Lines of a rollout file that notify a command of everything.
  private static let keeping = """
    allow-commands: { keep: ["true"] }
    notify: [{ command: keep }]
    """

  @Test func `a tenant that waits for an approval is continued once that is given`() async throws {
    let served = try ServedFolder(["ask"], schedule: "pause-on-failure: true", Self.keeping)
    let daemon = try served.serve()
    let waiting = try await daemon.entry("rollout waits for decisions on its tenants")
    let rollout = try #require(waiting["rollout"] as? String)
    #expect(try await daemon.entry("notification delivered")["topic"] as? String == "waiting")
    _ = try await daemon.entry("skipped-overlap")
    let list = try await served.rollouts.run("schedule", "list")
    #expect(list.output.contains("rollout \(rollout) runs for"), "\(list.output)")
    #expect(list.output.contains("it waits for decisions on 1 tenant"), "\(list.output)")
    let approved = try await served.rollouts.run("approve", "latest")
    #expect(approved.status == 0, "\(approved.errors)")
    let ended = try await daemon.entry("rollout ended")
    #expect(ended["rollout"] as? String == rollout)
    #expect(ended["outcome"] as? String == "succeeded")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
    #expect(try await served.ticks().areWhole)
  }

  @Test func `the list names a rollout that waits for an approval between two stages`()
    async throws
  {
    let served = try ServedFolder(["good", "good"], "ramp: [1]", "gate: approval", Self.keeping)
    let daemon = try served.serve()
    while try await daemon.entry("notification delivered")["topic"] as? String != "waiting" {}
    let list = try await served.rollouts.run("schedule", "list", "--output", "json")
    let schedule = try #require(try RecordedStatus.object(list.output).list("schedules").first)
    let running = try #require(schedule["running"] as? [String: Any])
    let waits = try #require(running["waitsFor"] as? [String: Any])
    #expect(waits["kind"] as? String == "approval")
    #expect(waits["stage"] as? Int == 1)
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  @Test func `a daemon on standby takes over once the active one is killed`() async throws {
    let served = try ServedFolder(["good"])
    let first = try served.serve()
    _ = try await first.entry("active: ")
    let second = try served.serve()
    _ = try await second.entry("on standby")
    first.kill()
    _ = await first.ended()
    _ = try await second.entry("active: ")
    _ = try await second.entry("rollout ended")
    second.signal(SIGTERM)
    #expect(await second.ended().status == 0)
    #expect(try await served.ticks().areWhole)
  }

  @Test func `a tenant that takes longer than the drain is left to the next daemon`() async throws {
    let served = try ServedFolder(["slow"])
    let first = try served.serve("--drain-timeout", "1")
    let rollout = try #require(try await first.entry("rollout started")["rollout"] as? String)
    first.signal(SIGTERM)
    #expect(await first.ended().status == 0)
    #expect(try await served.outcome(of: rollout) == nil)
    let second = try served.serve()
    #expect(try await second.entry("rollout resumed")["rollout"] as? String == rollout)
    let cancelled = try await served.rollouts.run("rollout", "cancel", rollout)
    #expect(cancelled.status == 0)
    #expect(try await second.entry("rollout ended")["outcome"] as? String == "cancelled")
    second.signal(SIGINT)
    #expect(await second.ended().status == 0)
  }

  @Test func `a second signal ends the daemon at once`() async throws {
    let served = try ServedFolder(["slow"])
    let daemon = try served.serve("--drain-timeout", "3600")
    _ = try await daemon.entry("rollout started")
    daemon.signal(SIGTERM)
    _ = try await daemon.entry("draining")
    await withTaskGroup { group in
      // Within a second of the first one, further ones are repeats of it.
      group.addTask {
        while !Task.isCancelled {
          daemon.signal(SIGTERM)
          try? await Task.sleep(for: .milliseconds(100))
        }
      }
      #expect(await daemon.ended().status == 0)
      group.cancelAll()
    }
  }

  @Test func `a file has the same path however it is named`() async throws {
    let served = try ServedFolder(["good"])
    let daemon = try served.rollouts.start(
      "serve", ".//./rollout.yaml", "--listen", "none", "--log-format", "json")
    _ = try await daemon.entry("rollout started")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
    let list = try await served.rollouts.run("schedule", "list", "--output", "json")
    let schedules = try RecordedStatus.object(list.output).list("schedules")
    let file = try #require(schedules.first?["file"] as? String)
    #expect(file.hasSuffix("/rollout.yaml") && !file.contains("//") && !file.contains("/./"))
  }

  @Test func `a pipe that a rollout file or a tenants file names keeps no daemon waiting`()
    async throws
  {
    let served = try ServedFolder(["good"], "# file:pipe")
    try served.folder.write("name,kind\n# file:pipe\nt0\n", to: "tenants.csv")
    #expect(mkfifo("\(served.folder.path)/pipe", 0o600) == 0)
    let daemon = try served.serve()
    for _ in 1...2 { _ = try await daemon.entry("the rollout could not be started") }
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  @Test func `SIGHUP is no end`() async throws {
    let served = try ServedFolder(["good"])
    let daemon = try served.serve()
    _ = try await daemon.entry("rollout ended")
    daemon.signal(SIGHUP)
    _ = try await daemon.entry("rollout ended")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  /// A folder with a rollout every second in a protected environment.
  private static func protectedRollout() throws -> RolloutFolder {
    let served = try ServedFolder(["good"], "environment: live")
    try served.folder.write(
      """
      privirun: 1
      environments:
        live:
          protected: true
          api-url: http://127.0.0.1:9
          journal: .privirun/journal.sqlite

      """, to: "privirun.yaml")
    var rollouts = served.rollouts
    rollouts.environment = [:]
    return rollouts
  }

  @Test func `a rollout that calls no service is not refused in a protected environment`()
    async throws
  {
    let rollouts = try Self.protectedRollout()
    try rollouts.folder.write(
      """
      playbook: 1
      name: kinds
      inputs: { kind: { type: string } }
      steps: [{ wait: 1ms }]

      """, to: "kinds.yaml")
    let daemon = try rollouts.start(
      "serve", "rollout.yaml", "--listen", "none", "--log-format", "json")
    let first = try #require(await daemon.errorLine(with: #""schedule":"kinds""#))
    #expect(first.contains("rollout started"), "\(first)")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  @Test func `no rollout starts in a protected environment unless that is allowed`() async throws {
    let rollouts = try Self.protectedRollout()
    let daemon = try rollouts.start(
      "serve", "rollout.yaml", "--listen", "none", "--log-format", "json")
    let fields = try await daemon.entry("no rollout of the file can be started")
    #expect(
      fields["reason"] as? String
        == "the environment `live` (http://127.0.0.1:9) is protected")
    #expect(
      fields["hint"] as? String
        == "`privirun serve --yes` starts rollouts in protected environments")
    daemon.signal(SIGTERM)
    #expect(await daemon.ended().status == 0)
  }

  @Test(arguments: [
    (["serve"], "Missing expected argument '<path> ...'"),
    (["serve", "missing"], "`missing` cannot be served"),
    (["serve", ".", "--drain-timeout", "86401"], "--drain-timeout must be 0 to 86400"),
    (["serve", ".", "--listen", "nowhere"], "`nowhere` is not an address"),
  ])
  func `wrong usage ends with 2 before anything is recorded`(
    arguments: [String], words: String
  ) async throws {
    let folder = try TemporaryFolder()
    let ended = try await Program.run(arguments, in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains(words), "\(ended.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/.privirun"))
  }
}
