import Expressions
import Reporting
import Testing

/// A change to the outputs, and what it changes in the snapshot.
struct SurveyCase: CustomTestStringConvertible {
  let testDescription: String
  let change: @Sendable (inout ValueMap) -> Void
  let expected: @Sendable (inout TenantSnapshot) -> Void

  static let all: [SurveyCase] = [
    SurveyCase(testDescription: "no public key") {
      $0["publicKey"] = [:]
    } expected: {
      $0.publicKey = nil
      $0.gaps = [TenantGap(.publicKey, .notShown)]
    },
    SurveyCase(testDescription: "a key that no call would register") {
      $0["publicKey"] = ["publicKey": "abc"]
    } expected: {
      $0.publicKey = nil
      $0.gaps = [TenantGap(.publicKey, .notShown)]
    },
    SurveyCase(testDescription: "a device that waits, one without a name, one without a status") {
      $0["devices"] = [
        "devices": [
          ["deviceIdentifier": "d1", "name": "vault-a", "status": "pending"],
          ["deviceIdentifier": "d2", "name": "phone", "status": nil],
          ["deviceIdentifier": "d3", "name": nil, "status": "approved"],
          ["deviceIdentifier": "d4", "name": .secret(text: "x"), "status": "approved"],
        ]
      ]
    } expected: {
      $0.devices[0].isApproved = false
      $0.devices[1].isApproved = false
      $0.gaps = [TenantGap(.devices, .nameless, count: 2), TenantGap(.approvals, .notShown)]
    },
    SurveyCase(testDescription: "two devices of one name, of which the newest votes") {
      $0["devices"] = [
        "devices": [
          [
            "deviceIdentifier": "d2", "name": "phone", "status": "active",
            "createdAt": "2026-02-02T00:00:00Z",
          ],
          [
            "deviceIdentifier": "d1", "name": "phone", "status": "active",
            "createdAt": "2026-01-01T00:00:00Z",
          ],
        ]
      ]
    } expected: {
      $0.devices.removeLast()
      $0.doubled = [.devices]
      $0.gaps = [TenantGap(.devices, .doubled, names: ["phone"])]
    },
    SurveyCase(testDescription: "a role of a device that is not listed, and no list of roles") {
      $0["storageDevices"] = ["devices": [["deviceIdentifier": "d1"], ["deviceIdentifier": "d8"]]]
      $0["authenticators"] = [:]
    } expected: {
      $0.devices[0].roles = []
      $0.gaps = [
        TenantGap(.authenticators, .notListed),
        TenantGap(.storageDevices, .unknownDevice, names: ["d8"]),
      ]
    },
    SurveyCase(testDescription: "settings that are only the names of strategies") {
      $0["votingSettings"] = [
        "strategy": nil, "strategyParams": nil, "quorumSize": nil, "timeLimit": nil,
        "numberOfAttempts": nil, "settings": ["unanimous", "consensus"],
      ]
    } expected: {
      $0.votingSettings = TenantSnapshot.VotingSettings()
      $0.gaps = [TenantGap(.votingSettings, .notShown)]
    },
    SurveyCase(testDescription: "some settings, one of them beyond its bounds") {
      $0["votingSettings"] = [
        "strategy": "unanimous", "strategyParams": nil, "quorumSize": 0, "timeLimit": 5,
      ]
    } expected: {
      $0.votingSettings.quorumSize = nil
      $0.votingSettings.strategy = TenantSnapshot.VotingSettings.Strategy(
        name: "unanimous", share: 51)
      $0.votingSettings.timeLimit = 5
      $0.votingSettings.attempts = nil
      $0.gaps = [
        TenantGap(.votingSettings, .notShown, names: ["quorum size", "number of attempts"])
      ]
    },
    SurveyCase(testDescription: "a voting configuration that asks a device without a name") {
      $0["votingConfigurations"] = [
        "configurations": [
          [
            "id": "c1", "name": "quick", "timeLimit": 60, "strategy": "affirmative",
            "deviceIdentifiers": "d2, d9",
          ]
        ]
      ]
    } expected: {
      $0.votingConfigurations[0].voters = ["phone", "d9"]
      $0.gaps = [TenantGap(.votingConfigurations, .onlyHere, names: ["quick"])]
    },
    SurveyCase(testDescription: "no list of voting configurations") {
      $0["votingConfigurations"] = [:]
    } expected: {
      $0.votingConfigurations = []
      $0.policies[0].votingConfiguration = "c1"
      $0.gaps = [
        TenantGap(.votingConfigurations, .notListed),
        TenantGap(.policies, .onlyHere, names: ["consent"]),
      ]
    },
    SurveyCase(testDescription: "voting configurations of one name, and one that shows too little")
    {
      $0["votingConfigurations"] = [
        "configurations": [
          [
            "id": "c1", "name": "quick", "timeLimit": 9, "strategy": "unanimous",
            "deviceIdentifiers": [],
          ],
          [
            "id": "c2", "name": "quick", "timeLimit": 60, "strategy": "minimum_percentage",
            "percentageRequired": 30, "deviceIdentifiers": [],
          ],
          [
            "id": "c3", "name": "odd", "timeLimit": 60, "strategy": "dice", "deviceIdentifiers": [],
          ],
        ]
      ]
    } expected: {
      $0.votingConfigurations = [
        TenantSnapshot.VotingConfiguration(
          name: "quick", timeLimit: 60, strategy: "minimum_percentage", percentage: 30, voters: [])
      ]
      $0.policies[0].votingConfiguration = "c1"
      $0.doubled = [.votingConfigurations]
      $0.gaps = [
        TenantGap(.votingConfigurations, .doubled, names: ["quick"]),
        TenantGap(.votingConfigurations, .unclear, names: ["odd"]),
        TenantGap(.policies, .onlyHere, names: ["consent"]),
      ]
    },
    SurveyCase(testDescription: "no list of all policies, and templates under numbers") {
      $0["registeredPolicies"] = [:]
      $0["activePolicies"] = ["policies": []]
      $0["inactivePolicies"] = [
        "policies": [["id": "p1", "name": "consent", "status": "inactive"]]
      ]
      $0["policyTemplates"] = [
        "templates": [
          ["id": "t1", "name": "Risk", "events": [["id": "1", "name": "data_token.x"]]]
        ]
      ]
    } expected: {
      $0.policies[0].isActive = false
      $0.policies[0].events = ["e1", "e7"]
    },
    SurveyCase(testDescription: "no lists but of policies, and a template name that is not unique")
    {
      $0["activePolicies"] = [:]
      $0["policyTemplates"] = [
        "templates": [["id": "t1", "name": "Risk"], ["id": "t2", "name": "Risk"]]
      ]
    } expected: {
      $0.policies[0].isActive = nil
      $0.policies[0].template = "t1"
      $0.policies[0].events = ["e1", "e7"]
      $0.gaps = [TenantGap(.activePolicies, .notListed)]
    },
    SurveyCase(
      testDescription: "a policy with a secret, one that cannot be read, one without a name"
    ) {
      $0["registeredPolicies"] = [
        "policies": [["id": "p1", "name": "consent"], ["id": "p2", "name": "lost"], ["id": "p3"]]
      ]
      $0["policies"] = [
        [
          "id": "p1", "name": "consent", "policyTemplateId": "t1", "applyingEventIds": ["e1"],
          "configuration": ["label": "a", "pin": .secret(text: "1234")], "configurationId": nil,
        ],
        [:],
      ]
    } expected: {
      $0.policies[0].events = ["data_token.data_exchanged"]
      $0.policies[0].votingConfiguration = nil
      $0.gaps = [
        TenantGap(.policies, .nameless, count: 1), TenantGap(.policies, .unclear, names: ["lost"]),
        TenantGap(.policies, .secret, names: ["consent"]),
      ]
    },
    SurveyCase(testDescription: "policies whose names cannot be part of an address") {
      $0["registeredPolicies"] = [
        "policies": [
          ["id": "p1", "name": "consent"], ["id": "p2", "name": ".."], ["id": "p3", "name": "."],
        ]
      ]
    } expected: {
      $0.gaps = [TenantGap(.policies, .unaddressable, names: ["..", "."])]
    },
    SurveyCase(testDescription: "no policies at all") {
      for name in ["registeredPolicies", "activePolicies", "inactivePolicies"] { $0[name] = [:] }
    } expected: {
      $0.policies = []
      $0.gaps = [TenantGap(.policies, .notListed)]
    },
    SurveyCase(testDescription: "applications of one name, and one without an address") {
      $0["applications"] = [
        "applications": [
          [
            "name": "billing", "redirectUri": "https://new", "scopes": "all read",
            "createdAt": "2026-02-02T00:00:00Z",
          ],
          [
            "name": "billing", "redirectUri": "https://old", "scopes": ["all"],
            "createdAt": "2026-01-01T00:00:00Z",
          ],
          [
            "name": "old", "redirectUri": nil, "scopes": ["all"],
            "createdAt": "2026-01-01T00:00:00Z",
          ],
        ]
      ]
    } expected: {
      $0.applications = [
        TenantSnapshot.Application(
          name: "billing", redirectURI: "https://new", scopes: ["all", "read"])
      ]
      $0.doubled = [.applications]
      $0.gaps = [
        TenantGap(.applications, .doubled, names: ["billing"]),
        TenantGap(.applications, .unclear, names: ["old"]),
      ]
    },
    SurveyCase(testDescription: "files of one name, files without a name, and what is listed twice")
    {
      $0["pages"] = [
        [
          "tokens": [
            [
              "token": "k1", "context": "contracts", "fileName": "a.txt", "size": 1,
              "createdAt": "2026-02-02T00:00:00Z",
            ],
            [
              "token": "k2", "context": "contracts", "fileName": "a.txt", "size": 2,
              "createdAt": "2026-01-01T00:00:00Z",
            ],
            ["token": "k3", "context": "contracts", "fileName": nil],
          ]
        ],
        ["tokens": [["token": "k3", "context": "contracts", "fileName": nil]]],
      ]
    } expected: {
      $0.files[0].description = nil
      $0.files[0].classification = nil
      $0.doubled = [.files]
      $0.gaps = [
        TenantGap(.files, .nameless, count: 1), TenantGap(.files, .doubled, names: ["a.txt"]),
      ]
    },
    SurveyCase(testDescription: "data that was not asked for") {
      $0["pages"] = []
    } expected: {
      $0.files = []
    },
    SurveyCase(testDescription: "no list of data") {
      $0["pages"] = [[:], [:]]
    } expected: {
      $0.files = []
      $0.gaps = [TenantGap(.files, .notListed)]
    },
  ]
}
