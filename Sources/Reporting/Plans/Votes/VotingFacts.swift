package import Expressions
import OrderedCollections

/// What decides the votes of one profile, as far as it is known; nil is what is not.
package struct VotingFacts: Sendable, Hashable {
  /// A rule that makes operations wait for a vote.
  struct Policy: Sendable, Hashable {
    /// Whether it is in force.
    enum State: Sendable, Hashable {
      case active
      /// Its state is not shown, or is known only in the run.
      case possible
      case inactive
    }

    var id = Value.null
    var name: String?
    var state = State.active
    var template: String?
    /// The ids of the events that it is about, or their names.
    var events: [Value]?
    /// The voting configuration by id or name; null where it has none.
    var configuration: Value?
  }

  /// A voting configuration.
  struct Configuration: Sendable, Hashable {
    var id = Value.null
    var name = Value.null
    var timeLimit: Duration?
    /// The devices that are asked; none stands for all.
    var devices: [Value]?
  }

  /// What holds where no voting configuration says otherwise, and for all votes what none can say.
  struct Settings: Sendable, Hashable {
    var quorum: Int?
    var timeLimit: Duration?
    var attempts: Int?
  }

  /// A device that is asked.
  struct Authenticator: Sendable, Hashable {
    var device: Value
    var name: String?
  }

  /// The name of a device's identifier wherever it occurs.
  static let deviceField = "deviceIdentifier"

  /// The policies that are known, also those that are not in force.
  var policies: [Policy] = []
  /// Whether there are no others in force.
  var knowsPolicies = false
  /// The templates of policies that are known.
  var templates: [ValueMap] = []
  /// The voting configurations that are known.
  var configurations: [Configuration] = []
  var settings = Settings()
  /// The devices that are asked; nil where they are not known.
  var authenticators: [Authenticator]?

  /// What is known of a profile of which nothing can be read.
  package static let unknown = VotingFacts()

  /// What is known of a profile that does not exist yet: it has nothing.
  package static let none: VotingFacts = {
    var none = VotingFacts()
    none.knowsPolicies = true
    none.authenticators = []
    return none
  }()

  private init() {}

  /// What the outputs of `VotingPlaybook` show.
  package init(_ outputs: ValueMap) {
    let active = outputs["active"]?.records
    let listed = active ?? outputs["registered"]?.records
    let shown = outputs["shown"]?.records ?? []
    knowsPolicies = listed != nil
    policies = (listed ?? []).map { record in
      var policy = Policy(record, state: active == nil ? Policy.state(record) : .active)
      policy.add(shown.first { $0["name"]?.plainText == policy.name })
      return policy
    }
    templates = outputs["templates"]?.records ?? []
    configurations =
      (outputs["configurations"]?.records ?? outputs["named"]?.records ?? [])
      .map(Configuration.init)
    settings = Settings(outputs["settings"]?.fields ?? [:])
    authenticators = outputs["authenticators"]?.records?.compactMap(Authenticator.init)
  }
}

extension VotingFacts.Policy {
  private static let activeWords: Set<String> = ["active", "activated", "enabled", "1", "true"]
  private static let inactiveWords: Set<String> = [
    "inactive", "deactivated", "disabled", "draft", "new", "0", "false",
  ]

  /// A policy as a list, a read or the call that registers it shows it.
  init(_ record: ValueMap, state: State) {
    id = record["id"] ?? .null
    name = record["name"]?.plainText
    self.state = state
    template = record["policyTemplateId"]?.plainText
    if case .list(let events)? = record["applyingEventIds"] { self.events = events }
    configuration = record["configurationId"]
  }

  /// Adds what a read of it alone shows: one that shows its events shows its configuration, too.
  mutating func add(_ shown: ValueMap?) {
    guard let shown, !shown.isEmpty else { return }
    let other = Self(shown, state: Self.state(shown))
    if state == .possible { state = other.state }
    template = template ?? other.template
    events = events ?? other.events
    guard (configuration ?? .null) == .null else { return }
    configuration = other.events == nil && other.configuration == .null ? nil : other.configuration
  }

  /// What a record says of whether it is in force.
  static func state(_ record: ValueMap) -> State {
    let word = record["status"]?.plainText?.lowercased() ?? ""
    if activeWords.contains(word) { return .active }
    return inactiveWords.contains(word) ? .inactive : .possible
  }
}

extension VotingFacts.Configuration {
  init(_ record: ValueMap) {
    id = record["id"] ?? .null
    name = record["name"] ?? .null
    timeLimit = record["timeLimit"]?.seconds
    if case .list(let devices)? = record["deviceIdentifiers"] { self.devices = devices }
  }
}

extension VotingFacts.Settings {
  init(_ fields: ValueMap) {
    quorum = fields["quorumSize"]?.count
    timeLimit = fields["timeLimit"]?.seconds
    attempts = fields["numberOfAttempts"]?.count
  }
}

extension VotingFacts.Authenticator {
  init?(_ record: ValueMap) {
    guard let device = record[VotingFacts.deviceField], device != .null else { return nil }
    self.device = device
    name = record["name"]?.plainText
  }
}

extension Value {
  /// A number above zero.
  fileprivate var count: Int? {
    guard let number = plainText.flatMap({ Int($0) }), number > 0 else { return nil }
    return number
  }

  fileprivate var seconds: Duration? { count.map { .seconds($0) } }

  /// Whether both refer to the same thing; what is known only in the run does where it waits for the same.
  func refers(to other: Value) -> Bool {
    if let unknown { return unknown == other.unknown }
    guard let text = plainText else { return false }
    return text == other.plainText
  }
}
