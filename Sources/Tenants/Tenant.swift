package import Diagnostics
package import Expressions
package import Planning
import Playbooks

/// One tenant of a tenants file.
package struct Tenant: Sendable, Hashable {
  /// What the tenant is called; unique in its file.
  package var name: String
  /// What people call the tenant by besides.
  package var labels: [RunLabelText]
  /// The inputs that the file gives it, each at most once; empty cells are left out.
  package var cells: [TenantCell]
  /// Where its name stands in the tenants file.
  package var location: SourceLocation

  /// The tenant `name`, whose parts are checked where they are read, not here.
  package init(
    name: String, labels: [RunLabelText] = [], cells: [TenantCell] = [], location: SourceLocation
  ) {
    self.name = name
    self.labels = labels
    self.cells = cells
    self.location = location
  }
}

/// A label of a tenant, such as `tier=gold`.
package struct RunLabelText: Sendable, Hashable {
  /// The name, as `LabelName` describes it.
  package var name: String
  /// The value, at most 100 characters.
  package var value: String

  /// The label `name` with `value`.
  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// An input that a tenants file gives a tenant.
package struct TenantCell: Sendable, Hashable {
  /// The name of the input.
  package var name: String
  /// The value as it is written, with its place.
  package var cell: InputCell

  /// The value of the input `name`.
  package init(_ name: String, _ cell: InputCell) {
    self.name = name
    self.cell = cell
  }

  /// Where the value stands in the tenants file.
  package var location: SourceLocation { cell.location }

  /// The value as the file has it: a string for a cell of a table, whatever the type of the input.
  ///
  /// `TenantBinder.inputs(of:)` has the values of the declared types.
  package var value: Value {
    switch cell.content {
    case .text(let text, _): .string(text)
    case .node(let node): node.value
    }
  }
}
