import Foundation
import Randomness
import Testing

@testable import privirun

struct PlanSharingTests {
  private static let onboarding = """
    playbook: 1
    name: onboarding
    inputs:
      username: { type: string }
      password: { type: secret }
    session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
    steps:
      - call: profile.register-new-profile
        with: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
        session: none
      - id: request
        call: device.request-unique-identifier
        with: { deviceName: "vault of ${{ inputs.username }}" }
      - call: device.retrieve-unique-identifier
        with: { id: "${{ steps.request.commandId }}" }
    outputs: { username: "${{ inputs.username }}" }

    """

  private static func rows(_ count: Int, _ row: (Int) -> String) -> String {
    "name,username\n" + (0..<count).map { row($0) + "\n" }.joined()
  }

  private func rollout(
    _ folder: TemporaryFolder, _ playbook: String = onboarding, tenants: String
  ) throws -> OfflineRollout {
    try folder.offlineRollout(
      playbook.replacingOccurrences(of: "FOLDER", with: folder.path), tenants: tenants,
      "inputs: { password: \"env:SHARED\" }\n",
      environment: ["SHARED": "correct horse battery staple"])
  }

  @Test func `tenants that differ in texts alone share the plan of the first one`() async throws {
    let folder = try TemporaryFolder()
    let rollout = try rollout(folder, tenants: Self.rows(200) { "t-\($0),u\($0)@example.com" })
    let count = try await rollout.sharingCount()
    #expect(count == 198)
    let (shared, apart) = (try await rollout.printed(.exact), try await rollout.printed(.none))
    #expect(shared == apart)
  }

  @Test func `tenants with files of their own are planned apart, as plans name these`() async throws
  {
    let folder = try TemporaryFolder()
    let keys = """
        - id: keys
          call: keys.generate
          with: { privateKeyFile: "FOLDER/keys/${{ inputs.username }}.key" }

      """
    let rollout = try rollout(
      folder, Self.onboarding.replacingOccurrences(of: "steps:\n", with: "steps:\n" + keys),
      tenants: Self.rows(12) { "t-\($0),u\($0)@example.com" })
    let count = try await rollout.sharingCount()
    #expect(count == 0)
    let (shared, apart) = (try await rollout.printed(.exact), try await rollout.printed(.none))
    #expect(shared == apart)
  }

  @Test func `a tenant whose text is one of the playbook has a plan of its own`() async throws {
    let folder = try TemporaryFolder()
    let playbook = """
      playbook: 1
      name: devices
      inputs: { username: { type: string }, password: { type: secret } }
      session: { username: admin, password: "${{ inputs.password }}" }
      steps:
        - call: device.request-unique-identifier
          with: { deviceName: "${{ inputs.username }}" }
        - for-each: [a, b]
          steps:
            - call: device.request-unique-identifier
              with: { deviceName: "vault-${{ item }}" }
              ensure: present

      """
    let rollout = try rollout(
      folder, playbook,
      tenants: Self.rows(12) { "t-\($0),\($0 == 5 ? "vault-b" : "phone-\($0)")" })
    let count = try await rollout.sharingCount()
    #expect(count == 9)
    let (shared, apart) = (try await rollout.printed(.exact), try await rollout.printed(.none))
    #expect(shared == apart)
  }

  @Test(arguments: [
    "- { name: \"Greet ${{ inputs.username }}\", call: storage.list-storage-devices }",
    "- { when: \"${{ size(inputs.username) > 4 }}\", call: storage.list-storage-devices }",
    "- { assert: \"${{ inputs.username != 'u3' }}\" }",
    "- { let: { text: \"${{ inputs.username }}\" }, call: storage.list-storage-devices }",
    "- { for-each: [\"${{ inputs.username }}\"], steps: [{ call: storage.list-storage-devices }] }",
  ])
  func `what depends on a text is planned for each value`(step: String) async throws {
    let folder = try TemporaryFolder()
    let playbook = """
      playbook: 1
      name: dependent
      inputs: { username: { type: string }, password: { type: secret } }
      session: { username: "${{ inputs.username }}", password: "${{ inputs.password }}" }
      steps:
        \(step)

      """
    let rollout = try rollout(folder, playbook, tenants: Self.rows(12) { "t-\($0),u\($0 % 3)" })
    let count = try await rollout.sharingCount()
    // Of the four with each value, two prove that they are alike.
    #expect(count == 6)
    let (shared, apart) = (try await rollout.printed(.exact), try await rollout.printed(.none))
    #expect(shared == apart)
  }

  @Test(arguments: 0..<120)
  func `whatever the playbook and the tenants, sharing prints the same`(seed: Int) async throws {
    let folder = try TemporaryFolder()
    var random = RandomRollout(seed: UInt64(seed), folder: folder.path)
    for (name, text) in random.files() { try folder.write(text, to: name) }
    let rollout: OfflineRollout
    do {
      rollout = try folder.offlineRollout(
        random.playbook(), tenants: random.tenants(), random.more, environment: random.environment)
    } catch is CommandEnding {
      // Not every one of them is a rollout.
      return
    }
    let (shared, apart) = (try await rollout.printed(.exact), try await rollout.printed(.none))
    #expect(shared == apart, "seed \(seed)")
  }

  @Test(arguments: [
    "drift-report", "nightly-drift", "offboard-tenants", "onboard-tenants", "policy-rollout",
    "weekly-policy",
  ])
  func `the shipped rollouts print the same`(name: String) async throws {
    let file = "\(PackageFiles.workflows)/rollouts/\(name).yaml"
    let rollout = try OfflineRollout(file, environment: [:])
    let (shared, apart) = (try await rollout.printed(.exact), try await rollout.printed(.none))
    #expect(shared == apart)
  }

  @Test(arguments: ShippedPlaybook.all)
  func `the shipped workflows print the same for many tenants`(
    playbook: ShippedPlaybook
  ) async throws {
    let folder = try TemporaryFolder()
    try folder.write(try playbook.tenants(), to: "tenants.csv")
    try folder.write(
      "rollout: 1\nname: test\nplaybook: \(playbook.path)\ntenants: tenants.csv\n",
      to: "rollout.yaml")
    let rollout: OfflineRollout
    do {
      rollout = try OfflineRollout(
        "\(folder.path)/rollout.yaml", environment: ["SHARED": "correct horse battery staple"])
    } catch is CommandEnding {
      // It needs a file, or a list of records.
      return
    }
    let (shared, apart) = (try await rollout.printed(.exact), try await rollout.printed(.none))
    #expect(shared == apart)
  }
}
