extension Value {
  /// The value for people: text as it is, everything else as JSON; secrets masked.
  package var displayText: String {
    if case .string(let text) = self {
      text
    } else if isSecret {
      Secret.mask
    } else {
      JSON.text(self)
    }
  }
}
