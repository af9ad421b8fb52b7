import Testing

@Suite struct NotificationsPlaceholder {
  @Test func `nothing is here yet`() {}
}
