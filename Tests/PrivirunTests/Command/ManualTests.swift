import Diagnostics
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Reporting
import Testing

@Suite("The manual")
struct ManualTests {
  @Test func `every operation, socket entry and local action has its page`() throws {
    let manual = OperationManual(api: try .embedded())
    #expect(manual.ids.count == 68 + 5 + LocalAction.allCases.count)
    for id in manual.ids { #expect(manual.text(of: id)?.hasPrefix("\(id)\n") == true, "\(id)") }
  }

  @Test func `the example on each page is accepted by check`() throws {
    let api = try APIDescription.embedded()
    let manual = OperationManual(api: api)
    for id in manual.ids {
      let page = try #require(manual.text(of: id))
      let example = page.split(separator: "\n").drop { $0 != "Example" }.dropFirst()
        .prefix { $0.hasPrefix("  ") }
      let text = """
        playbook: 1
        name: example
        session: {username: u, password: "${{ inputs.p }}"}
        inputs: {p: {type: secret}}
        steps:
        \(example.joined(separator: "\n"))

        """
      #expect(!example.isEmpty, "\(id)")
      #expect(diagnostics(in: text, api) == [], "\(id)")
    }
  }

  @Test func `no line of a page is longer than a wide terminal, but for addresses and examples`()
    throws
  {
    let manual = OperationManual(api: try .embedded())
    for id in manual.ids {
      let page = try #require(manual.text(of: id))
      let long = page.split(separator: "\n").filter { line in
        line.count > 100 && !line.contains("https://") && !line.contains("\"00")
      }
      #expect(long == [], "\(id)")
    }
  }

  @Test func `a page shows all there is to know of an operation`() throws {
    let manual = OperationManual(api: try .embedded())
    #expect(manual.text(of: "device.retrieve-device-configuration") == Self.deviceConfiguration)
  }

  @Test(
    arguments: [
      (
        "verified-authenticator.register-voting-configuration",
        [
          "Ensure",
          "  present    sent only when the read does not find it",
          "  compared   timeLimit, strategy, percentageRequired, deviceIdentifiers (in any order)",
          "  corrected  by verified-authenticator.update-voting-configuration",
          "  gives      id, as the read shows them",
        ]
      ),
      (
        "device.request-unique-identifier",
        [
          "Ensure",
          "  present  sent only when the read does not find it",
          "  absent   when the read finds it, removed by device.remove-device",
          "  match    there may be several; newest is the one with the latest createdAt",
          "  gives    deviceIdentifier, status, as the read shows them",
        ]
      ),
      (
        "policy.deactivate-policy",
        ["Ensure", "  absent  sent only when the read still finds it"]
      ),
      (
        "data-token.exchange-data-for-token",
        ["Ensure", "  present  sent only when the read does not find it"]
      ),
      ("data-token.update-data-token", []),
    ] as [(String, [Substring])])
  func `a page says what ensuring the operation does`(id: String, lines: [Substring]) throws {
    let page = try #require(OperationManual(api: try .embedded()).text(of: id))
    let shown = page.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 != "Ensure" }.prefix { !$0.isEmpty }
    #expect(Array(shown) == lines)
  }

  @Test(
    arguments: [
      ("device.retrieve-profile-devices", ["effect   none", "retry    safe: it only reads"]),
      (
        "device.remove-device",
        [
          "effect    removes something from the service; cannot be undone",
          "shows in  storage, verified-authenticator",
          "raises    the event device.device_removed",
          "retry     idempotent: no (verify with a read)",
        ]
      ),
      (
        "data-token.reserve-token-space",
        [
          "effect   creates something at the service",
          "lives    5 minutes until data-token.exchange-data-for-token or",
          "         data-token.upstream-file-via-stream-auth; ttl says otherwise",
          "retry    harmless: the same end state",
        ]
      ),
      (
        "voting.create-voting",
        [
          "effect   creates something at the service",
          "asks     the authenticators of votingConfigurationId, except those in skipAuthenticatorDevices",
          "retry    idempotent: no (nothing shows whether it was done)",
        ]
      ),
      ("websockets.join-channel", ["retry    harmless: the same end state"]),
    ] as [(String, [String])])
  func `a page says what an operation does at the service`(id: String, lines: [String]) throws {
    let page = try #require(OperationManual(api: try .embedded()).text(of: id))
    let shown = page.split(separator: "\n").drop { !$0.hasPrefix("  ends by") }.dropFirst()
    #expect(shown.prefix(lines.count).map { $0.dropFirst(2) } == lines.map { $0[...] })
  }

  @Test func `a message over the socket has a page, and its example makes it come`() throws {
    let manual = OperationManual(api: try .embedded())
    let page = try #require(manual.text(of: "websockets.data-download-messages"))
    #expect(page.contains("ends by  itself: it comes unasked"))
    #expect(page.contains("- call: data-token.request-data-via-token"))
    #expect(!page.contains("Fields"))
  }

  @Test(arguments: [
    ("Verified authenticator", 12), ("verified-authenticator", 12), ("websockets", 5),
    ("keys", 2), ("policy.*", 9), ("*.list-*", 8), ("????.*", 7), ("*", 81),
  ])
  func `a section, a part of the ids and a glob list what they name`(
    _ name: String, _ count: Int
  ) throws {
    let manual = OperationManual(api: try .embedded())
    let list = try #require(manual.text(of: name))
    #expect(list.split(separator: "\n").count { $0.hasPrefix("  ") } == count)
    let json = try JSON.parse(try #require(manual.json(of: name)).utf8)
    guard case .list(let entries) = json else { throw NotAList() }
    #expect(entries.count == count)
  }

  private struct NotAList: Error {}

  @Test(arguments: ["polices", "", "policy.", "x*", "?"])
  func `what nothing is called lists nothing`(_ name: String) throws {
    let manual = OperationManual(api: try .embedded())
    #expect(manual.text(of: name) == nil)
    #expect(manual.json(of: name) == nil)
  }

  @Test func `a mistyped id or section has a nearest name`() throws {
    let manual = OperationManual(api: try .embedded())
    #expect(nearestName(to: "polices", among: manual.names) == "Policy")
    #expect(nearestName(to: "device.aprove", among: manual.names) == nil)
    #expect(nearestName(to: "device.aprove-device", among: manual.names) == "device.approve-device")
  }

  private func diagnostics(in text: String, _ api: APIDescription) -> [String] {
    do {
      var texts = SourceTexts()
      let files = PlaybookFiles.containing(text)
      _ = try Planner(api: api).check(
        try PlaybookLoader(files: files).load("example.yaml", texts: &texts))
      return []
    } catch {
      return error.diagnostics.map(\.message)
    }
  }

  private static let deviceConfiguration = """
    device.retrieve-device-configuration
      Retrieve device configuration (Device)

      Fetches what a device needs to connect: credentials of the application and of the queue.

      request  GET /device/retrieve-device-configuration/{deviceIdentifier}
      else     POST /device/download-device-configuration, a form, after 404 or 405
      else     GET /device/download-device-configuration/{deviceIdentifier}, after 404 or 405
      token    the session's
      ends by  the HTTP answer
      effect   changes something at the service
      retry    safe: a read with a side effect

    Fields
      deviceIdentifier  string, required. Identifier of the device, as the API gave it

    Answer (under steps.ID)
      deviceIdentifier  string. Identifier of the device, as the API gave it
      clientId          string. Client id of the device
      clientSecret      string, secret. Client secret of the device
      rabbitUser        string, secret. User of the queue
      rabbitPass        string, secret. Password of the queue
      rabbitHost        string. Host of the queue
      rabbitPort        integer. Port of the queue
      name              string. Name of the file, where the service answers one
      file              string, secret. The configuration as a file in base64, where the service answers
                        one

    Errors
      401     No token, or one that is not valid
      403     The profile has registered no public key yet
      404     No such device
      422     A field is missing or wrong
      reason  device.not_found: a word for `tolerate` and `retry.on`
      reason  profile.not_an_owner: a word for `tolerate` and `retry.on`

    Notes
      - With some engines the device comes online only after this.
      - An older engine answered a file in base64.

    Example
      - call: device.retrieve-device-configuration
        with:
          deviceIdentifier: "…"

    Sources (documented-official)
      navigation
      https://docs.privicore.com/retrieve-device-configuration-14411450e0
      probe
      docset
      legacy-tester

    """
}
