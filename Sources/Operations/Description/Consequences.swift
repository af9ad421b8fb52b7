package import Expressions

extension Operation {
  /// What an operation does at the service, and what follows from it.
  package struct Consequences: Sendable, Hashable {
    /// What it does to the things of the service.
    package var effect: Effect
    /// The sections, as `sectionID`, whose reads may show the effect, besides its own.
    package var showsIn: Set<String>
    /// The events that it raises, which a policy may gate (protocol.md §10).
    package var causes: [String]
    /// How it asks people by itself, whatever policies there are; nil when it does not.
    package var asks: Asking?
    /// Whether what it removes, replaces or uses up is gone for good.
    package var isFinal: Bool
    /// How long what it gives can be used, or nil when nothing bounds that.
    package var lives: Lives?

    /// Consequences that reach no other section and can be undone, unless said otherwise.
    package init(
      _ effect: Effect, showsIn: Set<String> = [], causes: [String] = [], asks: Asking? = nil,
      isFinal: Bool = false, lives: Lives? = nil
    ) {
      self.effect = effect
      self.showsIn = showsIn
      self.causes = causes
      self.asks = asks
      self.isFinal = isFinal
      self.lives = lives
    }
  }

  /// What an operation does to the things of the service; the token of a session is none of them.
  package enum Effect: String, Sendable, Hashable, CaseIterable {
    case none
    case create
    case change
    case remove

    /// The effect of an operation whose description does not say it.
    package init(of repetition: Repetition, _ lookup: Lookup?) {
      switch (repetition, lookup?.expects) {
      case (.safe, _): self = .none
      case (_, .absent): self = .remove
      case (.harmless, _): self = .change
      case (.detectable, _), (.unsafe, _): self = .create
      }
    }
  }

  /// How an operation asks people by itself.
  package struct Asking: Sendable, Hashable {
    /// The field of the operation that names the voting configuration, by its id or name.
    package var configuration: String
    /// The field of the operation that lists the devices that are not asked; nil where all are.
    package var except: String?

    /// Asks those whom the voting configuration in the field `configuration` names.
    package init(by configuration: String, except: String? = nil) {
      self.configuration = configuration
      self.except = except
    }
  }

  /// How long what an operation gives can be used.
  package struct Lives: Sendable, Hashable {
    /// The field of the operation that says how long, as a number of `unit`.
    package var field: String
    /// What one of the number lasts.
    package var unit: Duration
    /// The number that the service takes when the field is left out, or nil when it is unknown.
    package var `default`: Int?
    /// The ids of the operations of which one must use it before it ends.
    package var until: [String]

    /// A life of as many `unit` as `field` says.
    package init(field: String, unit: Duration, default: Int? = nil, until: [String]) {
      self.field = field
      self.unit = unit
      self.default = `default`
      self.until = until
    }

    /// A longer life counts as this many units.
    private static let mostUnits = 1_000_000_000

    /// How long what a call with these arguments gives lives, or nil when that is unknown.
    package func duration(in arguments: ValueMap) -> Duration? {
      switch arguments[field] ?? .null {
      case .int(let number) where number > 0: unit * min(Int(number), Self.mostUnits)
      case .null: `default`.map { unit * min($0, Self.mostUnits) }
      default: nil
      }
    }
  }
}

extension Operation {
  /// What it does to the things of the service.
  package var effect: Effect { consequences.effect }

  /// The sections, as `sectionID`, whose reads may show the effect, besides its own.
  package var showsIn: Set<String> { consequences.showsIn }

  /// The events that it raises, which a policy may gate.
  package var causes: [String] { consequences.causes }

  /// How it asks people by itself, whatever policies there are; nil when it does not.
  package var asks: Asking? { consequences.asks }

  /// Whether what it removes, replaces or uses up is gone for good.
  package var isFinal: Bool { consequences.isFinal }

  /// How long what it gives can be used, or nil when nothing bounds that.
  package var lives: Lives? { consequences.lives }

  /// Whether it only reads and nothing comes of that: a read with a side effect is not quiet.
  package var isQuiet: Bool { repetition == .safe && effect == .none }

  /// Whether a run sends it for what it does, and not only for its answer.
  package var hasEffect: Bool { effect != .none && repetition != .safe }

  /// Whether the answer of `read` may be another one once this operation had its effect.
  package func mayShow(in read: Operation) -> Bool {
    effect != .none && (read.sectionID == sectionID || showsIn.contains(read.sectionID))
  }
}
