import Testing

@Suite struct ServingPlaceholder {
  @Test func `nothing is here yet`() {}
}
