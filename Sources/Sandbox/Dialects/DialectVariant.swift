import Randomness

/// One of the points on which services differ, as data: what it is called, what there is to choose.
package struct DialectVariant: Sendable {
  /// How often the dialect `mixed` chooses anew.
  package enum Drawing: String, Sendable, Hashable, CaseIterable {
    /// For each answer and each message: any mixture is legal.
    case always = "each response"
    /// As often, and nearly always the first: more would make everything slow.
    case seldom = "each response, rarely"
    /// Once: what is served and proved must not change.
    case once
    /// Not at all: it is a rule, no shape, or would take something away.
    case never
  }

  /// What the command line calls it.
  package let name: String
  /// What it is about, for a table.
  package let summary: String
  /// The words to choose from, as the command line takes them.
  package let choices: [String]
  /// How often the dialect `mixed` chooses among the words.
  package let drawing: Drawing
  private let read: @Sendable (Dialect) -> String
  private let write: @Sendable (inout Dialect, Int) -> Void

  init<Choice: DialectChoice>(
    _ name: String, _ summary: String, _ drawing: Drawing = .always,
    without unavailable: Set<Choice> = [],
    get: @escaping @Sendable (Dialect) -> Choice,
    set: @escaping @Sendable (inout Dialect, Choice) -> Void
  ) {
    let cases = Choice.allCases.filter { !unavailable.contains($0) }
    self.name = name
    self.summary = summary
    self.drawing = drawing
    choices = cases.map(\.rawValue)
    read = { get($0).rawValue }
    write = { set(&$0, cases[$1]) }
  }

  /// What a dialect has chosen.
  package func choice(of dialect: Dialect) -> String { read(dialect) }

  /// Has a dialect choose; false when there is no such choice.
  package func choose(_ choice: String, in dialect: inout Dialect) -> Bool {
    guard let index = choices.firstIndex(of: choice) else { return false }
    write(&dialect, index)
    return true
  }

  /// Chooses at random.
  func draw(in dialect: inout Dialect, using generator: inout SplitMix) {
    let isFirst = drawing == .seldom && Int.random(in: 0..<32, using: &generator) > 0
    write(&dialect, isFirst ? 0 : Int.random(in: choices.indices, using: &generator))
  }
}

/// Something to choose from, by words that the command line knows.
package protocol DialectChoice: RawRepresentable<String>, CaseIterable, Sendable, Hashable {}

/// A choice that is a yes or a no.
enum Switch: String, DialectChoice {
  case yes
  case no

  init(_ isOn: Bool) {
    self = isOn ? .yes : .no
  }
}
