import EventSamples
import Operations
import Testing

@testable import Journaling

/// The expected digests are those of Python's hashlib and struct.
///
/// The command, where `digest` is 32 zero bytes for the first event:
///
///     digest = sha256(digest + b"7k2m9q0d4x1z" + pack(">qq", sequence, at) + form).digest()
@Suite struct EventChainTests {
  @Test func `each digest covers the one before it, the address, the time and the bytes`() throws {
    let first = try EventChain.digest(
      after: EventChain.origin, EventAddress(run: SampleRun.run, sequence: 0),
      at: Moment(nanoseconds: 1_700_000_000_000_000_000), form: [1, 2, 3])
    #expect(
      Hexadecimal.encode(first)
        == "06fe48787da94206e8a8f42f7459fa87a06e16cdf68eea2e9ad8dfb5eca4e429")
    let second = try EventChain.digest(
      after: first, EventAddress(run: SampleRun.run, sequence: 1),
      at: Moment(nanoseconds: 1_700_000_000_000_000_001), form: [])
    #expect(
      Hexadecimal.encode(second)
        == "744a0908ca36289cf543a7ceddaa22e2f0092c881cb1a0aae0cd35525c9551de")
  }
}
