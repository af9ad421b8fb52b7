import Diagnostics
import Expressions
import OrderedCollections

/// What is known of a value before anything runs: its type, and which parts of it are secret.
struct InferredValue: Sendable, Hashable {
  var type: StaticType
  var taint: Taint

  init(_ type: StaticType, _ taint: Taint = .open) {
    self.type = type
    self.taint = taint
  }

  /// A map with these fields.
  init(fields: OrderedDictionary<String, InferredValue>) {
    type = .object(fields.mapValues(\.type))
    taint = .fields(
      Dictionary(uniqueKeysWithValues: fields.lazy.map { ($0.key, $0.value.taint) }))
  }

  /// The same value of a step that may change something at the service: a map also has the attribute
  /// `changed`, unless it has a field of that name.
  var notingChanges: InferredValue { noting(Self.changed, .bool) }

  /// The same value of a step: a map also has the attribute `outcome`, unless it has a field of that name.
  var notingOutcome: InferredValue { noting(Self.outcome, .string) }

  private func noting(_ attribute: String, _ attributeType: StaticType) -> InferredValue {
    guard case .object(var fields) = type, fields[attribute] == nil else { return self }
    fields[attribute] = .attribute(attributeType)
    return InferredValue(.object(fields), taint)
  }

  /// The attributes of a list of rounds, which expressions find by qualified names; none of other values.
  var listAttributes: [String: StaticType] {
    guard case .list(let round) = type else { return [:] }
    var attributes: [String: StaticType] = [Self.outcome: .attribute(.string)]
    if case .object(let fields) = round { attributes[Self.changed] = fields[Self.changed] }
    return attributes
  }

  /// The attribute that says whether a step, or anything below it, changed something.
  private static let changed = "changed"
  /// The attribute that says how a step ended.
  static let outcome = "outcome"

  /// What steps have besides their fields.
  static let attributes: Set<String> = [changed, outcome]

  /// Nothing is known.
  static let nothing = InferredValue(.dyn)
  /// A map without fields: what steps hand on that have no result.
  static let empty = InferredValue(.object([:]))
}

/// Which parts of a value are secret, as far as that is known before anything runs.
///
/// What is unknown counts as open here; values themselves know better when the plan is played.
indirect enum Taint: Sendable, Hashable {
  case open
  case secret
  /// Open, and taken from these sources.
  case from(Set<ValueSource>)
  case fields([String: Taint])
  /// A list or map of values with this taint.
  case elements(Taint)

  /// The taint of what is found by following `path`.
  func following(_ path: some Sequence<String>) -> Taint {
    path.reduce(self) { $0.following(.field($1)) }
  }

  /// The taint of one part.
  func following(_ part: Expression.Contribution.Part) -> Taint {
    switch (self, part) {
    case (.open, _): .open
    case (.secret, _): .secret
    case (.from(let sources), let part): .from(Set(sources.map { $0.following(part) }))
    case (.fields(let fields), .field(let name)): fields[name] ?? .open
    case (.fields(let fields), .element): Taint(joining: fields.values)
    case (.elements(let taint), .element), (.elements(let taint), .field): taint
    }
  }

  /// The taint of what may be any of several values, or is made of all of them.
  init(joining taints: some Sequence<Taint>) {
    let taints = Set(taints)
    let maps = taints.compactMap { taint -> [String: Taint]? in
      if case .fields(let fields) = taint { fields } else { nil }
    }
    if let only = taints.first, taints.count == 1 {
      self = only
    } else if !maps.isEmpty, maps.count == taints.count {
      let names = Set(maps.flatMap(\.keys))
      self = .fields(
        Dictionary(
          uniqueKeysWithValues: names.map { name in
            (name, Taint(joining: maps.compactMap { $0[name] }))
          }))
    } else if let elements = Self.elements(of: taints) {
      self = .elements(Taint(joining: elements))
    } else if taints.contains(where: \.holdsSecret) {
      self = .secret
    } else {
      let sources = taints.reduce(into: Set<ValueSource>()) { $0.formUnion($1.sources) }
      self = sources.isEmpty ? .open : .from(sources)
    }
  }

  /// The taints of the elements, when all of `taints` are those of lists or maps.
  private static func elements(of taints: Set<Taint>) -> [Taint]? {
    let elements = taints.compactMap { taint -> Taint? in
      if case .elements(let element) = taint { element } else { nil }
    }
    return elements.isEmpty || elements.count < taints.count ? nil : elements
  }

  /// Where everything that is open in the value comes from, as far as that is known.
  var sources: Set<ValueSource> {
    switch self {
    case .open, .secret: []
    case .from(let sources): sources
    case .fields(let fields): fields.values.reduce(into: []) { $0.formUnion($1.sources) }
    case .elements(let taint): taint.sources
    }
  }

  /// Whether showing the value would show something secret.
  var holdsSecret: Bool {
    switch self {
    case .open, .from: false
    case .secret: true
    case .fields(let fields): fields.values.contains(where: \.holdsSecret)
    case .elements(let taint): taint.holdsSecret
    }
  }
}

/// Where a value that is not declared secret comes from.
enum ValueSource: Sendable, Hashable {
  /// An input of the file, or a part of it.
  case input(InputPath)
  /// A value that stands in the file.
  case literal(Value, SourceLocation)

  /// The source of one part of the value.
  func following(_ part: Expression.Contribution.Part) -> ValueSource {
    guard case .input(let path) = self else { return self }
    return .input(InputPath(name: path.name, path: path.path + [part]))
  }
}
