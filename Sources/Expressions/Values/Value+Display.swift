extension Value {
  /// The value for people: text as it is, everything else as JSON; secrets masked, and what is unknown
  /// as `(known after apply)`.
  package var displayText: String {
    if case .string(let text) = self {
      text
    } else if unknown != nil {
      Unknown.text
    } else if isSecret {
      Secret.mask
    } else {
      JSON.text(self, unknowns: .shown)
    }
  }
}
