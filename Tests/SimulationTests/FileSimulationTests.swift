import Diagnostics
import Events
import Expressions
import Machine
import Operations
import OrderedCollections
import Planning
import Playbooks
import Running
import Sandbox
import Simulation
import Testing

@Suite("Files of any size under simulation")
struct FileSimulationTests {
  private static let root =
    "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
  private static let password = "planted-password-1"

  /// Onboards a tenant, stores a file, fetches it to another path and takes both digests.
  private static let journey = """
    playbook: 1
    name: journey
    inputs:
      password: { type: secret }
      file: { type: file }
      otherKey: { type: boolean, default: false }
    session: { username: a@example.com, password: "${{ inputs.password }}" }
    steps:
      - call: profile.register-new-profile
        with: { username: a@example.com, password: "${{ inputs.password }}" }
        session: none
      - { id: keys, call: keys.generate, with: { dataKeyFile: keys/a } }
      - { id: other, call: keys.generate }
      - call: public-key.register-public-key
        with: { publicKey: "${{ steps.keys.publicKey }}" }
      - { play: lib/ensure-device.yaml, with: { name: store, role: storage } }
      - id: stored
        play: lib/store-file.yaml
        with: { file: "${{ inputs.file }}", context: c, key: "${{ steps.keys.dataKey }}" }
      - id: fetched
        play: lib/fetch-file.yaml
        with:
          token: ${{ steps.stored.token }}
          key: "${{ inputs.otherKey ? steps.other.dataKey : steps.keys.dataKey }}"
          to: out/copy.bin
      - { id: copy, call: file.digest, with: { file: "${{ steps.fetched.file }}" } }
      - { id: original, call: file.digest, with: { file: "${{ inputs.file }}" } }
      - assert: [steps.copy.sha256 == steps.original.sha256, steps.copy.size == steps.fetched.size]

    """

  private static func plan(size: Int, otherKey: Bool = false) throws -> Plan {
    var texts = SourceTexts()
    let main = "\(root)/workflows/journey.yaml"
    var files = PlaybookFiles.disk
    let disk = files
    files.resolve = { path throws(PlaybookFiles.Problem) in
      path == main ? path : try disk.resolve(path)
    }
    files.read = { path, limit throws(PlaybookFiles.Problem) in
      path == main ? Array(journey.utf8) : try disk.read(path, limit)
    }
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: files).load(main, texts: &texts)
      return try Planner(api: try .embedded()).check(loaded).plan(
        inputs: [
          "password": .secret(text: password), "otherKey": .bool(otherKey),
          "file": LocalFile(path: "in/file.bin", size: size).value,
        ])
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  private static func contents(_ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 8) }
  }

  private static func run(
    size: Int, otherKey: Bool = false, seed: UInt64 = 1,
    conditions: NetworkConditions = NetworkConditions(),
    _ configure: (inout VaultConfiguration) throws -> Void = { _ in }
  ) throws -> SimulationReport {
    var vault = VaultConfiguration()
    try configure(&vault)
    let scenario = Scenario(
      plan: try plan(size: size, otherKey: otherKey), vault: vault, conditions: conditions,
      files: SimulatedFiles(["in/file.bin": contents(size)]),
      start: Moment(nanoseconds: 1_800_000_000_000_000_000))
    var simulation = Simulation(scenario, seed: seed)
    return try simulation.run()
  }

  /// The greatest file whose envelope is exchanged, and the least that is uploaded.
  @Test(arguments: [0, 1, 38_372, 38_373, 300_000])
  func `a file of any size is stored the way that fits it, and comes back`(_ size: Int) throws {
    let report = try Self.run(size: size)
    #expect(report.result.failure == nil)
    #expect(report.files["out/copy.bin"] == Self.contents(size))
    #expect(Set(report.files.keys) == ["in/file.bin", "out/copy.bin", "keys/a"])
    let effects = report.ledger.operations.mapValues(\.effects)
    let isSmall = size <= 38_372
    #expect(effects["data-token.exchange-data-for-token"] == (isSmall ? 1 : nil))
    #expect(effects["data-token.upstream-file-via-stream-auth"] == (isSmall ? nil : 1))
    #expect(report.ledger.violations == [])
  }

  @Test(arguments: Dialect.Delivery.allCases, Dialect.StreamForm.allCases)
  func `every way to deliver and to name the upload is understood`(
    _ delivery: Dialect.Delivery, _ stream: Dialect.StreamForm
  ) throws {
    for size in [100, 50_000] {
      let report = try Self.run(size: size) {
        $0.dialect.delivery = delivery
        $0.dialect.streamForm = stream
      }
      #expect(report.result.failure == nil, "\(delivery) \(stream) \(size)")
      #expect(report.files["out/copy.bin"] == Self.contents(size))
    }
  }

  @Test(arguments: 0..<20) func `no timing, loss or doubling changes the outcome`(
    _ seed: UInt64
  ) throws {
    let conditions = NetworkConditions(latency: .zero ... .milliseconds(300))
    let report = try Self.run(size: 60_000, seed: seed, conditions: conditions) {
      $0 = try $0.injecting("lose=20%,double=30%")
      $0.delay = [.zero, .seconds(3)][Int(seed % 2)]
    }
    #expect(report.result.failure == nil, "seed \(seed)")
    #expect(report.files["out/copy.bin"] == Self.contents(60_000), "seed \(seed)")
    #expect(Set(report.files.keys) == ["in/file.bin", "out/copy.bin", "keys/a"], "seed \(seed)")
  }

  @Test func `another key fails with its reason and leaves no file`() throws {
    let report = try Self.run(size: 60_000, otherKey: true)
    #expect(report.result.outcome == .failed)
    #expect(report.result.failure?.kind == .malformed)
    #expect(
      report.result.failure?.message == "the payload was altered or encrypted under another key")
    #expect(Set(report.files.keys) == ["in/file.bin", "keys/a"])
  }

  @Test func `no secret is in the events of a transfer`() throws {
    let report = try Self.run(size: 60_000)
    let run = try #require(report.state.start?.run)
    let lines = report.events.map { EncodedEvent($0, of: run).line }.joined()
    let key = String(decoding: report.files["keys/a"]?.prefix(64) ?? [], as: UTF8.self)
    #expect(key.count == 64)
    #expect(!lines.contains(key))
    #expect(!lines.contains(Self.password))
  }

  @Test func `a file that is too large for the service is reported as such`() throws {
    let report = try Self.run(size: 60_000) { $0.limits.uploadBytes = 1000 }
    #expect(report.result.outcome == .failed)
    #expect(report.result.failure?.message.contains("payload too large") ?? false)
    #expect(Set(report.files.keys) == ["in/file.bin", "keys/a"])
  }
}
