import Foundation
import Testing

/// A folder with a playbook and a rollout file, and the program in it.
///
/// What the run of a tenant does depends on its input `kind`, and needs no service but for `call`.
struct RolloutFolder {
  let folder: TemporaryFolder
  /// The address of a service, in case one is needed.
  var environment = ["PRIVICORE_API_URL": "http://127.0.0.1:9"]

  /// `more` are further lines of the rollout file.
  init(_ kinds: [String] = [], concurrency: Int = 1, _ more: String...) throws {
    folder = try TemporaryFolder()
    try folder.write(Self.playbook, to: "kinds.yaml")
    try folder.write(
      """
      rollout: 1
      name: kinds
      playbook: kinds.yaml
      tenants: tenants.csv
      concurrency: \(concurrency)

      """ + more.map { "\($0)\n" }.joined(), to: "rollout.yaml")
    try setTenants(kinds)
  }

  private static let playbook = """
    playbook: 1
    name: kinds
    inputs: { kind: { type: string } }
    steps:
      - { id: check, assert: "${{ inputs.kind != 'bad' }}" }
      - { id: ask, when: "${{ inputs.kind == 'ask' }}", approve: "Go on?" }
      - { id: moment, when: "${{ inputs.kind == 'brief' }}", wait: 400ms }
      - { id: pause, when: "${{ inputs.kind == 'slow' }}", wait: 1h }
      - id: file
        when: "${{ inputs.kind == 'file' }}"
        call: file.digest
        with: { file: needed.txt }
      - { id: reach, when: "${{ inputs.kind == 'call' }}", call: utility.check-server-health }
    outputs: { kind: "${{ inputs.kind }}" }

    """

  /// Writes the tenants `t0` and so on, whose kinds are given.
  func setTenants(_ kinds: [String]) throws {
    let rows = kinds.enumerated().map { "t\($0.offset),\($0.element)\n" }
    try folder.write("name,kind\n" + rows.joined(), to: "tenants.csv")
  }

  func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path, environment: environment)
  }

  func start(_ arguments: String...) throws -> RunningProgram {
    try Program.start(arguments, in: folder.path, environment: environment)
  }

  /// `rollout status latest`, from another process.
  func status() async throws -> RecordedStatus {
    let ended = try await run("rollout", "status", "latest", "--output", "json")
    try #require(ended.status == 0, "\(ended.errors)")
    return try RecordedStatus(ended.output)
  }

  /// The runs of the latest rollout, each as `tenant outcome`, in the order of the tenants' names.
  func runs(_ arguments: String...) async throws -> [String] {
    let ended = try await Program.run(
      ["runs", "--rollout", "latest", "--output", "json"] + arguments, in: folder.path)
    try #require(ended.status == 0, "\(ended.errors)")
    return try RecordedStatus.object(ended.output).list("runs").map { run in
      "\(run["tenant"] ?? "") \(run["outcome"] ?? "unfinished")"
    }
    .sorted()
  }
}

/// What `rollout status --output json` prints.
struct RecordedStatus {
  let rollout: String
  let progress: String?
  let outcome: String?
  let isPaused: Bool
  /// The states with any tenants.
  let counts: [String: Int]

  init(_ text: String) throws {
    let object = try Self.object(text)
    rollout = try #require(object["rollout"] as? String)
    progress = object["progress"] as? String
    outcome = object["outcome"] as? String
    isPaused = object["paused"] as? Bool ?? false
    counts = try #require(object["counts"] as? [String: Int]).filter { $0.value > 0 }
  }

  static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }
}

extension [String: Any] {
  /// The objects in the list `name`.
  func list(_ name: String) throws -> [[String: Any]] {
    try #require(self[name] as? [[String: Any]], "\(name)")
  }
}

extension String {
  /// The same without times and ids, which differ each time.
  var withoutTimes: String {
    replacing(#/ *\d+\.\d{3} s  /#, with: "TIME  ")
      .replacing(#/\d+(\.\d+)? (ms|s)\b/#, with: "TIME")
      .replacing(#/\b[0-9a-hj-km-np-tv-z]{12}\b/#, with: "ID")
  }
}
