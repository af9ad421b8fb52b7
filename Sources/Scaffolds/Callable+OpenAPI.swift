package import Operations
import OrderedCollections

/// Operations by the names that OpenAPI tools give them.
extension Callable {
  /// The operation whose `operationId` is `operationID`, or whose is spelt so by a generator of code:
  /// `deviceApproveDevice`, `device_approve_device`, or `approveDevice` where only one operation is called so.
  package init?(operationID: String, in api: APIDescription) {
    if let operation = api.operations[operationID] {
      self.init(operation.id, in: api)
      return
    }
    let wanted = Self.folded(operationID)
    let whole = api.operations.keys.filter { Self.folded($0) == wanted }
    let parts = api.operations.keys.filter { id in
      Self.folded(id.drop { $0 != "." }) == wanted
    }
    let found = whole.isEmpty ? parts : whole
    guard found.count == 1, let id = found.first else { return nil }
    self.init(id, in: api)
  }

  /// The letters and digits of a name, in lower case.
  private static func folded(_ name: some StringProtocol) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
