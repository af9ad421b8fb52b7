import Foundation
import Testing

/// A rollout that registers tenants at a sandbox in a process of its own, with passwords by reference.
struct RegistrationRollout {
  let folder: TemporaryFolder
  let sandbox: SeparateSandbox

  static let names = ["acme", "birch", "cedar"]
  static let secrets = names.map { "planted-\($0)-Pa55w0rd/9f&3a" }

  /// Writes everything that the rollout file `rollout.yaml` needs; `outputs` is the name of a file.
  init(_ folder: TemporaryFolder, at sandbox: SeparateSandbox, outputs: String = "out.csv") throws {
    (self.folder, self.sandbox) = (folder, sandbox)
    try folder.write(Self.playbook, to: "register.yaml")
    try folder.write(
      """
      name,username,password,labels
      acme,ops@acme.example,file:acme.secret,"{""region"": ""eu""}"
      birch,it@birch.example,file:birch.secret,"{""region"": ""us""}"
      cedar,it@cedar.example,file:cedar.secret,

      """, to: "tenants.csv")
    for (name, secret) in zip(Self.names, Self.secrets) {
      try folder.write(secret, to: "\(name).secret")
    }
    try folder.write(
      """
      rollout: 1
      name: registration
      playbook: register.yaml
      tenants: tenants.csv
      outputs: \(outputs)
      concurrency: 2

      """, to: "rollout.yaml")
  }

  private static let playbook = """
    playbook: 1
    name: register
    inputs:
      username: { type: string }
      password: { type: secret }
    steps:
      - id: profile
        call: profile.register-new-profile
        ensure: present
        with: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
    outputs: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }

    """

  func run(_ arguments: String...) async throws -> Ended {
    try await Program.run(arguments, in: folder.path, environment: sandbox.environment)
  }

  /// `rollout run`, as events.
  func events(_ arguments: String...) async throws -> [[String: Any]] {
    let ended = try await Program.run(
      ["rollout", "run", "rollout.yaml", "--output", "json"] + arguments, in: folder.path,
      environment: sandbox.environment)
    return try JSONLines.objects(ended.output)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
  }
}
