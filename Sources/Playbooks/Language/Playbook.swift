package import Diagnostics
package import Expressions
package import OrderedCollections

/// One playbook file as far as it could be read, its references not yet checked.
///
/// What could not be read is a hole: nil, or a step's `unreadable` kind. Every hole has a diagnostic, and
/// none fits into a plan, whose types have no place for it.
package struct Playbook: Sendable, Hashable {
  /// The name under `name`, or the file's name without folders and extension.
  package var name: String
  /// The one-line description for people, or nil when the author gave none.
  package var summary: String?
  /// The labels of a run of this playbook, by name.
  package var labels: OrderedDictionary<String, Template>
  /// What the caller gives, by name, in the order of the file.
  package var inputs: OrderedDictionary<String, InputDeclaration>
  /// The values that all expressions know by name, in the order of the file; of `inputs` and `run`.
  package var locals: OrderedDictionary<String, LocalValue>
  /// The credentials of the default session, or nil when the caller's session is used.
  package var session: Credentials?
  /// The ends of the steps at which what they changed is taken back, in the order of the file.
  package var undoCauses: [UndoCause]
  /// The steps in order; empty only when they could not be read.
  package var steps: [Step]
  /// What the caller gets, by name, in the order of the file.
  package var outputs: OrderedDictionary<String, OutputDeclaration>
  /// Where the file's first key stands.
  package var location: SourceLocation
  /// What of the file could not be read.
  package var unread: UnreadParts
  /// The readable parts of outputs that could not be read whole: checked, and never played.
  package var remains: [Template]

  /// A playbook made of parts that were read; names and references in them are not checked here.
  package init(
    name: String, summary: String? = nil,
    labels: OrderedDictionary<String, Template> = [:],
    inputs: OrderedDictionary<String, InputDeclaration> = [:],
    locals: OrderedDictionary<String, LocalValue> = [:], session: Credentials? = nil,
    undoCauses: [UndoCause] = [], steps: [Step],
    outputs: OrderedDictionary<String, OutputDeclaration> = [:],
    location: SourceLocation, unread: UnreadParts = UnreadParts(), remains: [Template] = []
  ) {
    self.name = name
    self.summary = summary
    self.labels = labels
    self.inputs = inputs
    self.locals = locals
    self.session = session
    self.undoCauses = undoCauses
    self.steps = steps
    self.outputs = outputs
    self.location = location
    self.unread = unread
    self.remains = remains
  }
}

/// What a playbook hands back under one name.
package struct OutputDeclaration: Sendable, Hashable {
  /// The value; its expressions can use `inputs`, `steps` and `run`.
  package var value: Template
  /// Where the output's name stands.
  package var location: SourceLocation

  /// An output named at `location`.
  package init(value: Template, location: SourceLocation) {
    self.value = value
    self.location = location
  }
}
