import Diagnostics
import Expressions
import Operations
import Reporting
import Testing

@Suite("What a survey of a tenant showed")
struct TenantSnapshotTests {
  private static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }
  private static let key = "31420500" + String(repeating: "A1", count: 96)

  /// The outputs of a survey of a tenant that has one of each, in the records of the sandbox.
  private static var outputs: ValueMap {
    let vault: Value = [
      "deviceIdentifier": "d1", "name": "vault-a", "status": "approved",
      "createdAt": "2026-11-29T14:57:05+00:00",
    ]
    let phone: Value = [
      "deviceIdentifier": "d2", "name": "phone", "status": "active",
      "createdAt": "2026-11-29T14:57:05+00:00",
    ]
    let policy: Value = ["id": "p1", "name": "consent", "status": "active"]
    return [
      "publicKey": ["publicKey": .string(key)], "devices": ["devices": [vault, phone]],
      "storageDevices": ["devices": [vault]], "authenticators": ["authenticators": [phone]],
      "votingSettings": [
        "strategy": "consensus", "strategyParams": "51", "quorumSize": 1, "timeLimit": "60",
        "numberOfAttempts": 2,
      ],
      "votingConfigurations": [
        "configurations": [
          [
            "id": "c1", "name": "quick", "timeLimit": 60, "strategy": "affirmative",
            "percentageRequired": nil, "deviceIdentifiers": ["d2"],
          ]
        ]
      ],
      "registeredPolicies": ["policies": [policy]], "activePolicies": ["policies": [policy]],
      "inactivePolicies": ["policies": []],
      "policies": [
        [
          "id": "p1", "name": "consent", "policyTemplateId": "t1",
          "applyingEventIds": ["e1", "e7"],
          "configuration": ["label": "a"], "configurationId": "c1",
        ]
      ],
      "policyTemplates": [
        "templates": [
          [
            "id": "t1", "name": "Risk",
            "events": [["id": "e1", "name": "data_token.data_exchanged", "label": nil]],
          ]
        ]
      ],
      "applications": [
        "applications": [
          ["applicationId": "a1", "name": "billing", "redirectUri": "https://b", "scopes": ["all"]]
        ]
      ],
      "pages": [
        [
          "tokens": [
            [
              "token": "k1", "context": "contracts", "fileName": "a.txt", "extension": "txt",
              "size": "10", "path": "/", "classification": "internal", "label": "l",
              "handling": "h",
            ]
          ]
        ],
        ["tokens": []],
      ],
    ]
  }

  private static var snapshot: TenantSnapshot {
    var snapshot = TenantSnapshot(username: "a@example.com")
    snapshot.publicKey = key
    snapshot.devices = [
      TenantSnapshot.Device(name: "phone", isApproved: true, roles: [.authenticator]),
      TenantSnapshot.Device(name: "vault-a", isApproved: true, roles: [.storage]),
    ]
    snapshot.votingSettings.quorumSize = 1
    snapshot.votingSettings.timeLimit = 60
    snapshot.votingSettings.attempts = 2
    snapshot.votingSettings.strategy = TenantSnapshot.VotingSettings.Strategy(
      name: "consensus", share: 51)
    snapshot.votingConfigurations = [
      TenantSnapshot.VotingConfiguration(
        name: "quick", timeLimit: 60, strategy: "affirmative", percentage: nil,
        voters: ["phone"])
    ]
    snapshot.policies = [
      TenantSnapshot.Policy(
        name: "consent", template: "Risk", events: ["data_token.data_exchanged", "e7"],
        configuration: ["label": "a"], votingConfiguration: "quick", isActive: true)
    ]
    snapshot.applications = [
      TenantSnapshot.Application(name: "billing", redirectURI: "https://b", scopes: ["all"])
    ]
    snapshot.files = [
      TenantSnapshot.StoredFile(
        context: "contracts", fileName: "a.txt",
        description: TenantSnapshot.StoredFile.Description(
          fileExtension: "txt", size: 10, path: "/"),
        classification: TenantSnapshot.StoredFile.Classification(
          name: "internal", label: "l", handling: "h"))
    ]
    return snapshot
  }

  private static func read(_ outputs: ValueMap, limit: Int = 100) throws -> TenantSnapshot {
    var pages = SurveyedPages(limit: limit)
    pages.add(outputs)
    return TenantSnapshot(
      username: "a@example.com", outputs: outputs, pages: pages, api: try api.get())
  }

  @Test func `a tenant that is shown completely has no gaps`() throws {
    #expect(try Self.read(Self.outputs) == Self.snapshot)
  }

  @Test(arguments: SurveyCase.all)
  func `what is not shown, or not enough, is a gap`(_ example: SurveyCase) throws {
    var (outputs, expected) = (Self.outputs, Self.snapshot)
    example.change(&outputs)
    example.expected(&expected)
    #expect(try Self.read(outputs) == expected)
  }

  @Test func `more files than are asked for are not described`() throws {
    var (outputs, expected) = (Self.outputs, Self.snapshot)
    let row: Value = ["token": "k9", "context": "other", "fileName": "b.txt"]
    outputs["pages"] = [["tokens": [row]], ["tokens": [row, row]]]
    expected.files = []
    expected.gaps = [TenantGap(.files, .moreThan(2))]
    #expect(try Self.read(outputs, limit: 2) == expected)
    expected.gaps = []
    outputs["pages"] = []
    #expect(try Self.read(outputs, limit: 0) == expected)
  }

  @Test(arguments: [
    (
      TenantGap(.devices, .nameless, count: 1), "1 device: without a name, no call finds them again"
    ),
    (
      TenantGap(.policies, .unclear, names: ["a", "b\n"]),
      #"policies "a", "b\n": what the service shows of them is not enough for a call"#
    ),
    (TenantGap(.files, .moreThan(100)), "files: there are more than 100"),
    (TenantGap(.applications, .notListed), "applications: the service has no list of them"),
    (
      TenantGap(.policies, .unaddressable, names: [".."]),
      #"policies "..": no request can name them, since that name cannot be part of an address"#
    ),
    (
      TenantGap(.files, .doubled, names: (1...7).map { "\($0)" }),
      #"files "1", "2", "3", "4", "5" and 2 more: several have that name; the newest is described"#
    ),
  ])
  func `a gap is named in words`(_ gap: TenantGap, _ phrase: String) {
    #expect(gap.phrase == phrase)
  }
}
