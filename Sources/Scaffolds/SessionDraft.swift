import Playbooks

/// The session that a written playbook has, with the inputs that it takes.
struct SessionDraft: Sendable {
  /// The names of the inputs with what they declare, in order.
  let inputs: [(name: String, draft: InputDraft)]
  /// The keys of the session, each with the name of its input.
  private let members: [(key: String, input: String)]

  private init(_ members: [(key: String, input: String, draft: InputDraft)]) {
    inputs = members.map { ($0.input, $0.draft) }
    self.members = members.map { ($0.key, $0.input) }
  }

  /// A profile that logs in; its inputs avoid the names `taken`.
  static func profile(besides taken: Set<String> = []) -> SessionDraft {
    SessionDraft([
      (
        "username", name("username", taken),
        InputDraft(ValueSchema(.string), summary: "Login name of the profile")
      ),
      (
        "password", name("password", taken),
        InputDraft(ValueSchema(.secret), summary: "Password of the profile")
      ),
    ])
  }

  /// An application that a profile lets act for it; its inputs avoid the names `taken`.
  static func application(
    refreshes: Bool, expires: Bool, besides taken: Set<String> = []
  ) -> SessionDraft {
    var members: [(key: String, input: String, draft: InputDraft)] = [
      (
        "access-token", name("accessToken", taken),
        InputDraft(ValueSchema(.secret), summary: "Access token of the application")
      )
    ]
    if refreshes {
      members.append(
        (
          "refresh-token", name("refreshToken", taken),
          InputDraft(ValueSchema(.secret), summary: "Refresh token of the application")
        ))
    }
    if expires {
      members.append(
        (
          "expires-at", name("expiresAt", taken),
          InputDraft(ValueSchema(.string), summary: "When the access token ends")
        ))
    }
    return SessionDraft(members)
  }

  private static func name(_ name: String, _ taken: Set<String>) -> String {
    taken.contains(name) ? "session\(PlaybookName.capitalized(name))" : name
  }

  /// The name of the input behind `key`.
  func input(behind key: String) -> String? { members.first { $0.key == key }?.input }

  /// The lines of the session in the playbook.
  var lines: [String] {
    ["session:"] + members.map { "  \($0.key): ${{ inputs.\($0.input) }}" }
  }
}
