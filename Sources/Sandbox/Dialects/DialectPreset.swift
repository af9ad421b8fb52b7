/// A dialect by name.
package enum DialectPreset: String, Sendable, Hashable, CaseIterable {
  /// The sandbox's own: what the contract says that a sandbox takes.
  case own = "default"
  /// What the official pages say.
  case official
  /// What probes, guides and stubs of others saw.
  case observed
  /// A seeded choice among all that is legal, for each answer anew.
  case mixed

  /// The dialect that it begins with.
  package var dialect: Dialect {
    switch self {
    case .own, .mixed: Dialect()
    case .official: .official
    case .observed: .observed
    }
  }
}

extension Dialect {
  /// What the official pages say; where they are silent, the sandbox's own.
  fileprivate static let official: Dialect = {
    var dialect = Dialect()
    dialect.pending = .once
    dialect.refusal = .word
    dialect.renewal = .sameToken
    dialect.notice = .once
    dialect.streamForm = .value
    dialect.permanentToken = .none
    dialect.rows = .meta
    dialect.policyVotingKey = .configurationID
    dialect.poll = .poolID
    dialect.paths = .official
    dialect.requiredFields = .official
    dialect.tokenProof = .code
    dialect.authorizationCode = .camelCase
    dialect.deviceAnswer = .named
    dialect.askedScopes = .registered
    dialect.earlyLogin = .refused
    return dialect
  }()

  /// What probes, guides and stubs saw; where they are silent, the sandbox's own.
  fileprivate static let observed: Dialect = {
    var dialect = Dialect()
    dialect.commandID = .string
    dialect.acceptance = .ok
    dialect.status = .string
    dialect.acknowledgementBody = .key
    dialect.timestamps = .zulu
    dialect.lists = .items
    dialect.join = .bare
    dialect.requestData = .header
    dialect.delivery = .inline
    dialect.rows = .flat
    dialect.deviceName = .deviceID
    dialect.strategy = .list
    dialect.takenUsername = .conflict
    dialect.paths = .observed
    dialect.requiredFields = .observed
    dialect.tokenProof = .pair
    return dialect
  }()
}

extension VaultConfiguration {
  /// Has a vault speak a dialect.
  package mutating func speak(_ preset: DialectPreset) {
    dialect = preset.dialect
    mixesDialect = preset == .mixed
  }

  /// Has it choose one variant for good, whatever the dialect; false when there is no such choice.
  @discardableResult
  package mutating func fix(_ variant: DialectVariant, _ choice: String) -> Bool {
    fixedVariants.insert(variant.name)
    return variant.choose(choice, in: &dialect)
  }
}
