import Operations
import Testing

@Suite struct MomentTests {
  private static let first = Moment(nanoseconds: .min)
  private static let last = Moment(nanoseconds: .max)

  @Test func `arithmetic is clamped to the representable range`() {
    #expect(Self.last + .seconds(1) == Self.last)
    #expect(Moment(nanoseconds: 5) + .nanoseconds(7) == Moment(nanoseconds: 12))
    #expect(Moment(nanoseconds: 5) - Moment(nanoseconds: 7) == .nanoseconds(-2))
    #expect(Self.last - Self.first == .nanoseconds(Int64.max))
    #expect(Self.first - Self.last == .nanoseconds(Int64.min))
    #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
    #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
  }
}
