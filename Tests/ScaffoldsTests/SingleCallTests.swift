import Diagnostics
import Operations
import OrderedCollections
import Planning
import Playbooks
import Scaffolds
import Testing

/// The playbook of a single call.
@Suite struct SingleCallTests {
  private func call(
    _ id: String, _ state: Ensurance.State? = nil, giving names: [String] = [],
    as session: SingleCall.Session = .profile, timeout: String? = nil
  ) throws -> SingleCall {
    SingleCall(
      of: try DescribedAPI.callable(id), ensuring: state, giving: names, as: session,
      timeout: timeout, in: try DescribedAPI.value)
  }

  @Test(arguments: DescribedAPI.names)
  func `every operation can be called with what it needs, and with every field`(id: String) throws {
    let callable = try DescribedAPI.callable(id)
    let either: [String] =
      if case .exactlyOne(let names)? = callable.choice { Array(names.dropFirst()) } else { [] }
    let all = Array(callable.fields.keys).filter { !either.contains($0) }
    for names in [[String](), all] {
      for session in [SingleCall.Session.profile, .application(refreshes: true, expires: true)] {
        let call = try call(id, giving: names, as: session)
        #expect(call.objections == [])
        #expect(try CheckedText(call.text).playbook != nil, "\(call.text)")
        for name in names { #expect(call.inputs[name] != nil) }
      }
    }
  }

  @Test(arguments: DescribedAPI.names)
  func `what can be ensured is, and what cannot is refused`(id: String) throws {
    let callable = try DescribedAPI.callable(id)
    let states = try callable.operation.map(DescribedAPI.value.ensurableStates) ?? []
    for state in Ensurance.State.allCases {
      let call = try call(id, state)
      #expect(call.objections.isEmpty == states.contains(state))
      #expect(call.text.contains("ensure: ") == states.contains(state))
      #expect(try CheckedText(call.text).playbook != nil, "\(call.text)")
    }
  }

  @Test func `it is a playbook of one step whose inputs are the fields`() throws {
    let call = try call(
      "device.request-unique-identifier", .present, giving: ["deviceName"], timeout: "1m")
    #expect(call.text == Self.request)
    #expect(call.inputs == ["deviceName": "deviceName"])
    #expect(call.sessionInputs == ["username": "username", "password": "password"])
  }

  @Test func `misspelt names are all reported, and count as those that are meant`() throws {
    let call = try call("device.approve-device", giving: ["deviceIdentifer", "nonsense"])
    #expect(
      call.objections.map(\.message) == [
        "`device.approve-device` has no field `deviceIdentifer`",
        "`device.approve-device` has no field `nonsense`",
      ])
    #expect(
      call.objections.map(\.hint) == [
        "did you mean `deviceIdentifier`?", "it takes `deviceIdentifier`",
      ])
    #expect(call.inputs["deviceIdentifer"] == "deviceIdentifier")
    #expect(call.unknownNames == ["nonsense"])
  }

  @Test(arguments: ["soon", "0s", "-1s", "168h1ms", "8d"])
  func `a timeout out of bounds is reported beside the rest`(timeout: String) throws {
    let call = try call("device.approve-device", giving: ["nonsense"], timeout: timeout)
    #expect(call.objections.map(\.code) == [.unknownField, .invalidDuration])
    #expect(
      call.objections.last?.message == "`--timeout` must be between 1ms and 168h, not `\(timeout)`")
    #expect(try CheckedText(call.text).playbook != nil)
    #expect(try self.call("device.approve-device", timeout: "1ms").objections == [])
    #expect(try self.call("device.approve-device", timeout: "1w").objections == [])
  }

  @Test func `an example of how a field is given is one of the operation`() throws {
    #expect(try call("device.approve-device").example == "deviceIdentifier=…")
    #expect(try call("profile.change-password").example == "currentPassword=env:CURRENT_PASSWORD")
    #expect(try call("utility.check-server-health").example == nil)
  }

  @Test func `a message over the WebSocket is no call`() throws {
    let api = try DescribedAPI.value
    #expect(api.socketEntries.count == 5)
    for id in api.socketEntries.keys {
      #expect(Callable.objection(toMessage: id, in: api)?.code == .unknownOperation)
    }
    for id in DescribedAPI.names { #expect(Callable.objection(toMessage: id, in: api) == nil) }
  }

  @Test func `the names of a session and of fields do not meet`() throws {
    let call = try call("profile.register-new-profile")
    #expect(call.inputs["username"] == "username")
    #expect(call.sessionInputs["username"] == "sessionUsername")
    #expect(try CheckedText(call.text).playbook != nil)
  }

  @Test func `fields that stand in for each other are not both given`() throws {
    let call = try call("data.encrypt", giving: ["data", "file", "key"], as: .none)
    #expect(
      call.objections.map(\.message) == ["`data.encrypt` needs exactly one of `data` and `file`"])
  }

  private static let request = """
    playbook: 1
    name: device.request-unique-identifier
    summary: "Request unique identifier (i.e. Register new device)"
    inputs:
      username: { type: string, summary: Login name of the profile }
      password: { type: secret, summary: Password of the profile }
      deviceName: { type: string, summary: Display name of the device }
    session:
      username: ${{ inputs.username }}
      password: ${{ inputs.password }}
    steps:
      - id: call
        call: device.request-unique-identifier
        with:
          deviceName: ${{ inputs.deviceName }}
        ensure: present
        timeout: 1m
    outputs:
      commandId: ${{ steps.call.commandId }}
      deviceIdentifier: ${{ steps.call.deviceIdentifier }}
      status: ${{ steps.call.status }}
      changed: ${{ steps.call.changed }}

    """
}
