/// What `Benchmarks/onboarding.yaml` has a client do for one tenant, request by request.
enum TenantScript {
  static let steps = begin + storage + authenticator + reservation + policy + end

  /// The calls of the playbook, of which one stays on the machine.
  static let callCount = 26
  static let exchangeCount = steps.count { if case .exchange = $0 { true } else { false } }
  static let acknowledgementCount = steps.count {
    if case .receive(.acknowledgement) = $0 { true } else { false }
  }

  private static let account: Template =
    "username=\(.username)%40example.com&password=correct+horse+battery+staple"

  /// The public key of some private key; every tenant registers the same.
  private static let publicKey =
    "314205000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
    + "f23c179ce6af47a0a7662f5f53bb8b7a203eba8ddad5119b98848b5c1ffbe3dc"
    + "8c686b897bcf46d90041e66fcc0848c082166fd8d5c2bf1c928441e21f17575b"

  /// A profile, a session and a key.
  ///
  /// The first command is polled: its owner has no socket yet.
  private static let begin: [ScriptStep] =
    [
      .post(
        "/profile/register-profile", .form(account), access: .open, status: 202,
        [(.command, after: nil)]),
      .exchange(
        ScriptExchange(
          method: "GET", path: "/request-status/\(.command)", body: .none, access: .open,
          status: 200, content: "ucceeded", values: [])),
      .post(
        "/profile/authenticate", .form(account), access: .open,
        [(.token, after: "\"authorizationToken\"")]),
      .connect,
      .send(message("joinChannel", "")),
      .receive(.joined),
    ]
    + ScriptStep.command(
      "/public-key/register-public-key", .form(Template(stringLiteral: "publicKey=\(publicKey)")))
    + [.read("/public-key/retrieve-public-key", content: publicKey)]

  private static let storage: [ScriptStep] =
    device("vault", in: .vault)
    + ScriptStep.command(
      "/device/configure-meta", .form("deviceIdentifier=\(.vault)&name=first+vault"))
    + ScriptStep.command("/storage/register", .form("deviceIdentifier=\(.vault)"))
    + [.read("/storage/list-storage-devices", content: "first vault")]

  private static let authenticator: [ScriptStep] =
    device("phone", in: .phone)
    + ScriptStep.command("/verified-authenticator/register", .form("deviceIdentifier=\(.phone)"))
    + [
      .read("/verified-authenticator/list-verified-authenticator", content: "phone"),
      .read("/device/retrieve-profile-devices", content: "phone"),
    ]

  private static let reservation: [ScriptStep] =
    ScriptStep.command("/data-token/reserve-token-space", .form("context=contracts&ttl=5"))
    + [.read("/data-token/retrieve-temporary-data-token/\(.command)", content: "\"token\"")]

  private static let policy: [ScriptStep] =
    ScriptStep.command("/verified-authenticator/set-voting-time-limit", .form("timeLimit=90"))
    + [.read("/verified-authenticator/retrieve-strategy", content: "90")]
    + ScriptStep.command(
      "/verified-authenticator/voting-configuration/register",
      .json(
        #"{"name":"consent","timeLimit":60,"strategy":"affirmative","#
          + #""deviceIdentifiers":["\#(.phone)"]}"#))
    + [
      .read(
        "/verified-authenticator/voting-configuration/list",
        [(.configuration, after: "\"id\"")]),
      .read(
        "/policy/list-policy-templates", [(.template, after: nil), (.event, after: "\"events\"")]),
    ]
    + ScriptStep.command(
      "/policy/register",
      .json(
        #"{"name":"contracts","policyTemplateId":"\#(.template)","applyingEventIds":["\#(.event)"],"#
          + #""configuration":{"classification":"internal","label":"contracts","#
          + #""handling":"consent"},"configurationId":"\#(.configuration)","#
          + #""votingConfigurationId":"\#(.configuration)"}"#))
    + [.read("/policy/list-inactive-policies", [(.policy, after: "\"id\"")])]
    + ScriptStep.command("/policy/activate", .form("policyId=\(.policy)"))

  private static let end: [ScriptStep] = [
    .send(message("leaveChannel", #","channelId":"\#(.channel)""#)), .receive(.left), .close,
  ]

  /// Requests a device, retrieves its identifier and approves it.
  private static func device(_ name: String, in slot: Slot) -> [ScriptStep] {
    ScriptStep.command(
      "/device/request-unique-identifier", .form(Template(stringLiteral: "deviceName=\(name)")))
      + [
        .post(
          "/device/retrieve-unique-identifier", .form("id=\(.command)"), access: .token,
          [(slot, after: "\"deviceIdentifier\"")])
      ]
      + ScriptStep.command("/device/approve-device", .form("deviceIdentifier=\(slot)"))
  }

  /// A message in both forms that are known, with `rest` at the end of its data.
  private static func message(_ action: String, _ rest: Template) -> Template {
    #"{"action":"\#(text: action)","correlationId":"\#(.username)","authorizationToken":"\#(.token)","#
      + #""data":{"authorizationToken":"\#(.token)","correlationId":"\#(.username)"\#(rest)}}"#
  }
}
