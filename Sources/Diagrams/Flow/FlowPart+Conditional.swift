extension FlowPart {
  /// The part with its condition among its words, where no arrow leads to it that could say it.
  func conditional(_ condition: String?) -> FlowPart {
    guard let condition else { return self }
    func detail(_ detail: String?) -> String {
      [detail, "if \(condition)"].compactMap(\.self).joined(separator: ", ")
    }
    switch self {
    case .step(var step):
      step.detail = detail(step.detail)
      return .step(step)
    case .group(var group):
      group.detail = detail(group.detail)
      return .group(group)
    }
  }
}
