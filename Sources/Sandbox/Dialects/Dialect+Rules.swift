import Operations

/// What is allowed, and how the rest is refused.
extension Dialect {
  /// Whose word counts where sources differ about what there is.
  package enum Source: String, DialectChoice {
    /// The sandbox takes what either knows.
    case all
    case official
    case observed
  }

  /// What must stand behind `Basic` when a code is changed for an access token.
  package enum TokenProof: String, DialectChoice {
    case either
    /// The application's id and secret.
    case pair
    /// The code itself.
    case code
  }

  /// What an application may ask a profile for.
  package enum AskedScopes: String, DialectChoice {
    case any
    /// What it was registered with.
    case registered
  }

  /// What credentials meet while their registration is in progress.
  package enum EarlyLogin: String, DialectChoice {
    /// The registration settles first.
    case settles
    case refused
  }

  /// Which version's tag a public key begins with.
  package enum KeyTag: String, DialectChoice {
    case current
    /// That of the engine before.
    case legacy
    /// Both.
    case either

    /// The tag of the keys that the engine makes.
    var own: SignedPublicKey.Tag { self == .legacy ? .legacy : .current }

    var tags: [SignedPublicKey.Tag] {
      switch self {
      case .current: [.current]
      case .legacy: [.legacy]
      case .either: [.current, .legacy]
      }
    }
  }

  /// Whether approval waits for the device's own key.
  package enum DeviceKey: String, DialectChoice {
    case no
    /// The device registers it some time after its identifier was retrieved.
    case yes
    /// The device never registers one.
    case never
  }

  /// When a device comes online.
  package enum DeviceOnline: String, DialectChoice {
    case atOnce = "at-once"
    /// When its configuration was fetched (protocol.md §14).
    case afterConfiguration = "after-configuration"
  }

  /// What a request for data meets while no device that holds it is online.
  package enum MissingHolder: String, DialectChoice {
    case waits
    case refused
  }

  /// What an active policy without a voting configuration does.
  package enum BareRule: String, DialectChoice {
    /// It polls by the profile's rules when there are authenticators.
    case polls
    case proceeds
  }

  /// When a poll ends.
  package enum PollEnd: String, DialectChoice {
    /// When its outcome is certain.
    case certain
    /// At its time limit.
    case timeLimit = "time-limit"
  }

  /// Of whom a percentage is.
  package enum PercentageBase: String, DialectChoice {
    case answered
    case asked
  }

  /// What a name meets that the profile has given before.
  package enum SameName: String, DialectChoice {
    /// A second record of a device or application; a refusal of a policy or voting configuration.
    case usual
    /// Each the other way.
    case opposite
  }

  /// What giving a role again meets.
  package enum RepeatedRole: String, DialectChoice {
    case unchanged
    case refused
  }
}
