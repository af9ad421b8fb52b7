package import Expressions

/// What a tenant has, as far as the service shows it and ensured calls can describe it.
///
/// Every thing in it is one that its ensured call would find unchanged; the rest is among `gaps`.
package struct TenantSnapshot: Sendable, Hashable {
  /// The login name of the profile.
  package var username: String
  /// The registered public key, as the service writes it.
  package var publicKey: String?
  /// The devices, each name once.
  package var devices: [Device] = []
  /// How votes are decided where no voting configuration says otherwise.
  package var votingSettings = VotingSettings()
  /// The voting configurations, each name once.
  package var votingConfigurations: [VotingConfiguration] = []
  /// The policies, each name once.
  package var policies: [Policy] = []
  /// The OAuth applications, each name once.
  package var applications: [Application] = []
  /// The stored files, each name once in its context.
  package var files: [StoredFile] = []
  /// The parts in which several things have one name, of which the newest is described.
  package var doubled: Set<TenantPart> = []
  /// What is not described, and what is described only in part.
  package var gaps: [TenantGap] = []

  /// A tenant of which nothing but its login name is known.
  package init(username: String) {
    self.username = username
  }
}

/// What a snapshot consists of.
extension TenantSnapshot {
  /// A device by its name.
  package struct Device: Sendable, Hashable {
    /// What a device is for.
    package enum Role: String, Sendable, Hashable, CaseIterable {
      case storage
      case authenticator
    }

    /// The display name.
    package var name: String
    /// Whether it is known to be approved.
    package var isApproved: Bool
    /// Its roles, in the order of their declaration.
    package var roles: [Role]

    /// A device of this name.
    package init(name: String, isApproved: Bool, roles: [Role]) {
      self.name = name
      self.isApproved = isApproved
      self.roles = roles
    }
  }

  /// The settings of a profile for votes; nil for what the service does not show.
  package struct VotingSettings: Sendable, Hashable {
    /// How many authenticators must answer.
    package var quorumSize: Int64?
    /// How a poll is decided.
    package var strategy: Strategy?
    /// Seconds that a poll stays open.
    package var timeLimit: Int64?
    /// How often a poll is held.
    package var attempts: Int64?

    /// How a poll is decided.
    package struct Strategy: Sendable, Hashable {
      /// Such as `consensus`.
      package var name: String
      /// The share of yes votes that `minimum_percentage` asks for, 0 to 100.
      package var share: Int64

      /// A strategy; `share` means nothing to most of them.
      package init(name: String, share: Int64) {
        self.name = name
        self.share = share
      }
    }

    /// Settings of which none is known.
    package init() {}
  }

  /// Named rules for votes.
  package struct VotingConfiguration: Sendable, Hashable {
    /// Its name.
    package var name: String
    /// Seconds that a poll stays open.
    package var timeLimit: Int64
    /// Such as `consensus`.
    package var strategy: String
    /// The share of yes votes, 0 to 100; nil where the strategy has none.
    package var percentage: Int64?
    /// The authenticators that are asked, by the name of their device, or by its identifier where no
    /// device is described by its name; none means all.
    package var voters: [String]

    /// Rules of this name.
    package init(
      name: String, timeLimit: Int64, strategy: String, percentage: Int64?, voters: [String]
    ) {
      self.name = name
      self.timeLimit = timeLimit
      self.strategy = strategy
      self.percentage = percentage
      self.voters = voters
    }
  }

  /// A rule that makes events wait for a vote.
  package struct Policy: Sendable, Hashable {
    /// Its name.
    package var name: String
    /// The policy template, by its name, or by its id where the name is not unique.
    package var template: String
    /// The events, by name, or by id where the template names none.
    package var events: [String]
    /// The parameters of the template; empty where there are none.
    package var configuration: ValueMap
    /// The voting configuration, by its name, or by its id where none is described; nil: none.
    package var votingConfiguration: String?
    /// Whether it is active; nil where the service does not list the active ones.
    package var isActive: Bool?

    /// A policy of this name.
    package init(
      name: String, template: String, events: [String], configuration: ValueMap,
      votingConfiguration: String?, isActive: Bool?
    ) {
      self.name = name
      self.template = template
      self.events = events
      self.configuration = configuration
      self.votingConfiguration = votingConfiguration
      self.isActive = isActive
    }
  }

  /// An OAuth application, without its credentials.
  package struct Application: Sendable, Hashable {
    /// Its name.
    package var name: String
    /// Where it is called back.
    package var redirectURI: String
    /// What it may ask for, one at least.
    package var scopes: [String]

    /// An application of this name.
    package init(name: String, redirectURI: String, scopes: [String]) {
      self.name = name
      self.redirectURI = redirectURI
      self.scopes = scopes
    }
  }

  /// A stored file, without its payload.
  package struct StoredFile: Sendable, Hashable {
    /// What the service keeps of the file beside its name.
    package struct Description: Sendable, Hashable {
      /// Such as `txt`.
      package var fileExtension: String
      /// Bytes.
      package var size: Int64
      /// The folder that it is kept in, such as `/`.
      package var path: String

      /// A description.
      package init(fileExtension: String, size: Int64, path: String) {
        self.fileExtension = fileExtension
        self.size = size
        self.path = path
      }
    }

    /// How sensitive the data is.
    package struct Classification: Sendable, Hashable {
      /// Such as `confidential`.
      package var name: String
      /// The category of the information.
      package var label: String
      /// How it is to be handled.
      package var handling: String

      /// A classification.
      package init(name: String, label: String, handling: String) {
        self.name = name
        self.label = label
        self.handling = handling
      }
    }

    /// The context of its data token.
    package var context: String
    /// The file's name.
    package var fileName: String
    /// What is kept of the file; nil where the service does not show all of it.
    package var description: Description?
    /// How sensitive it is; nil where nothing says so.
    package var classification: Classification?

    /// A file of this name in a context.
    package init(
      context: String, fileName: String, description: Description?,
      classification: Classification?
    ) {
      self.context = context
      self.fileName = fileName
      self.description = description
      self.classification = classification
    }
  }
}
