package import Diagnostics
package import Expressions
package import OrderedCollections

/// `approve`: what a person is to decide, and to fill in.
package struct Approve: Sendable, Hashable {
  /// What is to be approved, as the person reads it; nil when it could not be read.
  package var message: Template?
  /// What the person fills in, by name, in the order of the file.
  package var fields: OrderedDictionary<String, FormField>
  /// Whether no field was left out because it could not be read.
  package var hasAllFields: Bool

  /// A decision on `message`; a nil `message` is a hole, which no plan has.
  package init(
    message: Template?, fields: OrderedDictionary<String, FormField> = [:],
    hasAllFields: Bool = true
  ) {
    self.message = message
    self.fields = fields
    self.hasAllFields = hasAllFields
  }

  /// One thing to fill in.
  package struct FormField: Sendable, Hashable {
    /// `string`, `integer`, `number`, `boolean` or `secret`.
    package var type: ValueType
    /// The one-line description for people, or nil when the author gave none.
    package var summary: String?
    /// Where the field's name stands.
    package var location: SourceLocation

    /// A field of type `kind`.
    package init(
      type: ValueType, summary: String? = nil, location: SourceLocation
    ) {
      self.type = type
      self.summary = summary
      self.location = location
    }
  }
}
