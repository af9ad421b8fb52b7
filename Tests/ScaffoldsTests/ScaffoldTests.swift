import Diagnostics
import Formatting
import Foundation
import Operations
import OrderedCollections
import Planning
import Playbooks
import Scaffolds
import Testing

/// Playbooks from chosen operations.
@Suite struct ScaffoldTests {
  private func text(_ ids: String...) throws -> String { try text(ids) }

  private func text(_ ids: [String]) throws -> String {
    Scaffold(
      named: "made", in: "made.yaml", calling: try ids.map(DescribedAPI.callable),
      api: try DescribedAPI.value
    ).text
  }

  @Test func `the description has all operations`() throws {
    #expect(try DescribedAPI.value.operations.count == 68)
    #expect(DescribedAPI.names.count == 68 + LocalAction.allCases.count)
  }

  @Test(arguments: DescribedAPI.names)
  func `a scaffold of any operation passes the check`(id: String) throws {
    let text = try text(id)
    let checked = try CheckedText(text)
    #expect(checked.complaints == "", "\(text)")
    #expect(checked.playbook?.planned.steps.isEmpty == false)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(text)")
    #expect(!text.contains(" \n") && text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test(arguments: DescribedAPI.names)
  func `a scaffold of any operation is formatted`(id: String) throws {
    let text = try text(id)
    #expect(try FormattedText(Array(text.utf8), file: "made.yaml") == .text(text))
  }

  @Test func `so does a scaffold of all of them at once, in either order`() throws {
    for names in [DescribedAPI.names, DescribedAPI.names.reversed()] {
      let text = try text(names)
      #expect(try CheckedText(text).complaints == "", "\(text)")
    }
  }

  @Test(arguments: DescribedAPI.names)
  func `an operation that is chosen twice has two steps`(id: String) throws {
    let text = try text(id, id)
    #expect(try CheckedText(text).complaints == "", "\(text)")
    #expect(text.components(separatedBy: "call: \(id)\n").count == 3)
  }

  @Test func `inputs, session, steps and outputs are written as an author writes them`() throws {
    let text = try text("device.request-unique-identifier", "device.approve-device")
    #expect(text == Self.devices)
  }

  @Test func `what an ensured call has a command for is done only where it changed something`()
    throws
  {
    let text = try text(
      "data-token.reserve-token-space", "data-token.retrieve-temporary-data-token")
    #expect(text.contains("    when: steps.reserveTokenSpace.changed\n"))
    #expect(text.contains("commandId: ${{ steps.reserveTokenSpace.commandId }}\n"))
    #expect(!text.contains("inputs.commandId"))
  }

  @Test func `fields of one name and another meaning are inputs of their own`() throws {
    let text = try text(
      "oauth-application.register-oauth-application", "policy.register-policy",
      "policy.retrieve-registered-policy")
    #expect(text.contains("\n  name: { type: string"))
    #expect(text.contains("\n  policyName:\n    type: string"))
    #expect(text.components(separatedBy: "name: ${{ inputs.policyName }}").count == 3)
  }

  @Test func `a new password is typed twice, and passwords are secret`() throws {
    let text = try text("profile.change-password")
    #expect(text.contains("\n  newPassword: { type: secret, new: true,"))
    #expect(text.contains("\n  currentPassword: { type: secret,"))
  }

  @Test func `documented refusals are listed with what the author may do about them`() throws {
    let text = try text("oauth-application.retrieve-oauth-app-configuration")
    let words = "The run fails where it is refused, unless `tolerate` or `rescue` says otherwise:"
    #expect(text.contains("    # \(words)\n"))
    #expect(text.contains("oauth.already_retrieved"))
    #expect(!text.contains("\n    tolerate"))
  }

  @Test func `any name can be written`() throws {
    for name in ["yes", "a: b", "${{ x }}", "é\n#", "", "'"] {
      let scaffold = Scaffold(
        named: name, in: "x.yaml",
        calling: [try DescribedAPI.callable("utility.check-server-health")],
        api: try DescribedAPI.value)
      #expect(try CheckedText(scaffold.text).complaints == "", "\(scaffold.text)")
    }
  }

  private static let devices = """
    # Calls device.request-unique-identifier, device.approve-device. Say here what it is for.
    #
    #   privirun check made.yaml
    #   privirun run made.yaml --api-url http://localhost:8009 \\
    #     --input username=alice@example.com --input password=env:PASSWORD \\
    #     --input deviceName=…
    #
    # `privirun operations ID` explains each operation, its fields and what it returns.
    playbook: 1
    name: made
    summary: "Request unique identifier (i.e. Register new device), and 1 more"

    # What the caller gives, as `--input name=value` or in a file as `--inputs FILE`.
    inputs:
      username: { type: string, summary: Login name of the profile }
      password: { type: secret, summary: Password of the profile }
      deviceName: { type: string, summary: Display name of the device }

    # Who the steps act for. The first step that needs it logs in.
    session:
      username: ${{ inputs.username }}
      password: ${{ inputs.password }}

    steps:
      # Names need not be unique: what the list does not show yet and shows later, this run made.
      - name: Retrieve profile devices
        call: device.retrieve-profile-devices

      - id: requestUniqueIdentifier
        name: "Request unique identifier (i.e. Register new device)"
        call: device.request-unique-identifier
        with:
          deviceName: ${{ inputs.deviceName }}
        # Reads first, and changes only what differs.
        ensure: present

      - id: approveDevice
        name: Approve device
        call: device.approve-device
        with:
          deviceIdentifier: ${{ steps.requestUniqueIdentifier.deviceIdentifier }}
        ensure: present

    # What the run prints at its end, and what a playbook that plays this one gets.
    outputs:
      deviceIdentifier: ${{ steps.requestUniqueIdentifier.deviceIdentifier }}
      status: ${{ steps.requestUniqueIdentifier.status }}
      name: ${{ steps.approveDevice.name }}
      approveDeviceStatus: ${{ steps.approveDevice.status }}

    """
}

/// Operations by the names of OpenAPI tools.
@Suite struct OperationIDTests {
  @Test(arguments: [
    ("device.approve-device", "device.approve-device"),
    ("deviceApproveDevice", "device.approve-device"),
    ("device_approve_device", "device.approve-device"),
    ("approveDevice", "device.approve-device"),
    ("DataToken_DeleteData", "data-token.delete-data"),
  ])
  func `an operation is found however a generator spells it`(written: String, id: String) throws {
    #expect(Callable(operationID: written, in: try DescribedAPI.value)?.id == id)
  }

  @Test(arguments: ["", "approve", "keys.generate", "device.approve_device.x"])
  func `anything else names none`(written: String) throws {
    #expect(Callable(operationID: written, in: try DescribedAPI.value) == nil)
  }
}
