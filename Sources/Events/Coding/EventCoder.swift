package import Expressions
package import Operations

/// Goes through the fields of an event, to write them, to read them back or to show them.
///
/// Each type lists its fields once, with a name for JSON and a number for the journal; every form of
/// an event is a coder. A field's number is never given to another. A writing coder leaves the values
/// as they are, and a reading one replaces them.
package protocol EventCoder {
  associatedtype CodingError: Error

  /// Whether values leave the process: what only a later run needs is left out then.
  static var isOutside: Bool { get }

  mutating func text(_ key: FieldKey, _ value: inout String) throws(CodingError)
  mutating func text(_ key: FieldKey, _ value: inout String?) throws(CodingError)
  mutating func count(_ key: FieldKey, _ value: inout Int) throws(CodingError)
  mutating func count(_ key: FieldKey, _ value: inout Int?) throws(CodingError)
  mutating func seed(_ key: FieldKey, _ value: inout UInt64) throws(CodingError)
  /// A fact that is left out when it is false.
  mutating func flag(_ key: FieldKey, _ value: inout Bool) throws(CodingError)
  mutating func moment(_ key: FieldKey, _ value: inout Moment) throws(CodingError)
  mutating func moment(_ key: FieldKey, _ value: inout Moment?) throws(CodingError)
  mutating func duration(_ key: FieldKey, _ value: inout Duration) throws(CodingError)
  mutating func duration(_ key: FieldKey, _ value: inout Duration?) throws(CodingError)
  mutating func path(_ key: FieldKey, _ value: inout StepPath) throws(CodingError)
  mutating func path(_ key: FieldKey, _ value: inout StepPath?) throws(CodingError)
  /// Paths in their order; left out when there are none.
  mutating func paths(_ key: FieldKey, _ value: inout [StepPath]) throws(CodingError)
  /// Texts in their order; left out when there are none.
  mutating func texts(_ key: FieldKey, _ value: inout [String]) throws(CodingError)
  /// Counts in their order; left out when there are none.
  mutating func counts(_ key: FieldKey, _ value: inout [Int]) throws(CodingError)
  /// A value that is shown even when it is null.
  mutating func value(_ key: FieldKey, _ value: inout Value) throws(CodingError)
  /// A value that is left out when it is null.
  mutating func optionalValue(_ key: FieldKey, _ value: inout Value) throws(CodingError)
  mutating func map(_ key: FieldKey, _ value: inout ValueMap) throws(CodingError)
  /// Texts by name, in their order; left out when there are none.
  mutating func labels(_ key: FieldKey, _ value: inout [RunLabel]) throws(CodingError)
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part) throws(CodingError)
  mutating func part<Part: EventPart>(_ key: FieldKey, _ value: inout Part?) throws(CodingError)
  /// Parts in their order; left out when there are none.
  mutating func parts<Part: EventPart>(_ key: FieldKey, _ value: inout [Part]) throws(CodingError)
  /// Says that what was read cannot be.
  mutating func refuse(_ key: FieldKey) throws(CodingError)
}

/// What a field is called: its name in JSON, and its number in the journal.
package struct FieldKey: Sendable, Hashable {
  /// The member's name in JSON; of durations without the `Milliseconds` that is added to it.
  package let name: String
  /// The key of the field in the journal's map, from 1; never given to another field.
  package let number: UInt64

  /// `number` is unique among the fields of one object, from 1.
  package init(_ name: String, _ number: UInt64) {
    self.name = name
    self.number = number
  }
}

/// An event's part that lists its fields.
///
///     extension ApprovalField: EventPart {
///       static var blank: ApprovalField { ApprovalField(name: "", type: .string) }
///
///       mutating func code<C: EventCoder>(_ coder: inout C) throws(C.CodingError) {
///         try coder.text(FieldKey("name", 1), &name)
///         try coder.text(FieldKey("type", 2), &type)
///       }
///     }
package protocol EventPart: Sendable {
  /// A value to be read into.
  static var blank: Self { get }

  mutating func code<Coder: EventCoder>(_ coder: inout Coder) throws(Coder.CodingError)
}

extension EventCoder {
  /// One of an enum's words.
  mutating func word<Word: RawRepresentable>(
    _ key: FieldKey, _ value: inout Word
  ) throws(CodingError) where Word.RawValue == String {
    var text = value.rawValue
    try self.text(key, &text)
    guard text != value.rawValue else { return }
    if let word = Word(rawValue: text) { value = word } else { try refuse(key) }
  }

  /// The id of a run.
  mutating func run(_ key: FieldKey, _ value: inout RunID) throws(CodingError) {
    var text = value.text
    try self.text(key, &text)
    if let id = RunID(text) { value = id } else { try refuse(key) }
  }
}
