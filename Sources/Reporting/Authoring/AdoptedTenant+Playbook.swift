import Expressions
import Playbooks

/// The playbook.
extension AdoptedTenant {
  /// The text of the playbook.
  package var playbook: String {
    ([heading, declarations, Self.session + "\nsteps:\n" + Self.profile] + sections)
      .joined(separator: "\n")
  }

  /// The steps after the first, for what the tenant has.
  private var sections: [String] {
    var sections: [String] = []
    if snapshot.publicKey != nil { sections.append(Self.publicKey) }
    if !snapshot.devices.isEmpty { sections.append(devices) }
    sections += settings
    if !snapshot.votingConfigurations.isEmpty { sections.append(votingConfigurations) }
    if !snapshot.policies.isEmpty { sections.append(policies) }
    if !snapshot.applications.isEmpty { sections.append(applications) }
    if !snapshot.files.isEmpty { sections.append(files) }
    return sections
  }

  private var heading: String {
    var lines = AuthoredText.comment(
      "Describes a tenant that was read from \(occasion.source). Run for that tenant, it changes"
        + " nothing unless something was changed since; for another one it creates what is missing,"
        + " and corrects what the API can correct.")
    lines.append("#")
    lines += occasion.command.map { "#   \(AuthoredText.printable($0))" }
    lines += ["#", "# No read shows these, so they are not described:"]
    for absence in absences { lines += AuthoredText.comment(absence, behind: "# - ") }
    if !snapshot.gaps.isEmpty {
      lines += ["#", "# Of this tenant, these are not described, or only in part:"]
      for gap in snapshot.gaps { lines += AuthoredText.comment(gap.phrase, behind: "# - ") }
    }
    lines += [
      "playbook: 1", "name: \(AuthoredText.name(occasion.name))",
      "summary: Have a tenant as it was read", "",
    ]
    return lines.joined(separator: "\n")
  }

  private var absences: [String] {
    var absences = ["the password and the private keys"]
    if !snapshot.devices.isEmpty { absences.append("the keys and configurations of devices") }
    if !snapshot.applications.isEmpty {
      absences.append("the credentials of applications, which the service gives once only")
    }
    if !snapshot.files.isEmpty { absences.append("the payloads of files") }
    return absences
  }

  /// The declarations of the inputs that the sections use.
  private var declarations: String {
    let names = ["username", "password"] + snapshot.inputs.names.dropFirst()
    return "inputs:\n" + names.compactMap { Self.declarations[$0] }.joined()
  }

  private static let declarations = [
    "username": "  username: { type: string, summary: Login name of the profile }\n",
    "password": "  password: { type: secret, summary: Password of the profile }\n",
    "publicKey": """
      publicKey: { type: string, pattern: "[0-9A-Fa-f]{200}", summary: The registered public key }
      privateKeyFile:
        type: string
        default: ""
        summary: Where the private key is kept; empty when it is not on this machine

    """,
    "devices":
      "  devices: { type: list, of: map, summary: Devices with their approval and roles }\n",
    "quorumSize": "  quorumSize: { type: integer, summary: How many authenticators must answer }\n",
    "strategy": "  strategy: { type: string, summary: When a poll has passed }\n",
    "share": """
      share: { type: integer, summary: Minimum share of yes votes for minimum_percentage }

    """,
    "timeLimit": "  timeLimit: { type: integer, summary: Seconds that a poll stays open }\n",
    "attempts": "  attempts: { type: integer, summary: How often a poll is held }\n",
    "votingConfigurations": """
      votingConfigurations: { type: list, of: map, summary: Named rules for votes }

    """,
    "policies": "  policies: { type: list, of: map, summary: Policies with their events }\n",
    "applications": """
      applications: { type: list, of: map, summary: OAuth applications without credentials }

    """,
    "files": "  files: { type: list, of: map, summary: Stored files without payloads }\n",
  ]

  private static let session = """
    session:
      username: ${{ inputs.username }}
      password: ${{ inputs.password }}

    """
}
