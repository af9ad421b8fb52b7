import Testing

@Suite struct SchedulesPlaceholder {
  @Test func `nothing is here yet`() {}
}
