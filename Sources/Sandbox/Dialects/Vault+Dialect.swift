extension Vault {
  /// Chooses once for a vault's life, where a mixed dialect must not change its mind.
  mutating func settleDialect() {
    draw(.once)
    turnDialect()
  }

  /// Chooses anew before an answer or a message, where the dialect is a mixed one.
  mutating func turnDialect() {
    draw(.always)
    draw(.seldom)
  }

  private mutating func draw(_ drawing: DialectVariant.Drawing) {
    guard configuration.mixesDialect else { return }
    for variant in DialectVariant.all
    where variant.drawing == drawing && !configuration.fixedVariants.contains(variant.name) {
      variant.draw(in: &dialect, using: &dialectRandom)
    }
  }
}
