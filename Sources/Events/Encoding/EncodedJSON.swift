package import Operations

/// JSON as it leaves the process: members keep the order they were given in.
///
/// The same value always gives the same bytes.
package indirect enum EncodedJSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  case unsigned(UInt64)
  /// Not a number and the infinities are written as the texts `NaN`, `Infinity` and `-Infinity`.
  case number(Double)
  case text(String)
  case list([EncodedJSON])
  case object([Member])

  /// One name and value of an object.
  package struct Member: Sendable, Hashable {
    /// The name as it is written; that names are unique in their object is for the maker to see to.
    package var name: String
    /// The member's value; a member without one is left out by `object`.
    package var value: EncodedJSON

    /// A member called `name`.
    package init(name: String, value: EncodedJSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object of those members that have a value.
  package static func object(_ members: KeyValuePairs<String, EncodedJSON?>) -> EncodedJSON {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  /// A count, a position or another small integer.
  package static func count(_ count: Int) -> EncodedJSON { .integer(Int64(count)) }

  /// An instant with six digits of a second.
  package static func instant(_ moment: Moment) -> EncodedJSON {
    .text(moment.text)
  }

  /// Whole milliseconds as an integer, others with their fraction.
  package static func milliseconds(_ duration: Duration) -> EncodedJSON {
    let nanoseconds = duration.wholeNanoseconds
    return nanoseconds.isMultiple(of: 1_000_000)
      ? .integer(nanoseconds / 1_000_000) : .number(Double(nanoseconds) / 1_000_000)
  }
}

extension EncodedJSON: ExpressibleByStringLiteral {
  /// A text; a literal is never parsed as JSON.
  package init(stringLiteral value: String) { self = .text(value) }
}
