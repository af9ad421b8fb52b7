import Cryptography
import Events
import Operations

/// The stored form of what one commit records of one run.
///
/// The first byte is the version of the form, the rest CBOR, compressed: for each event a list of the
/// nanoseconds since the one before (of the first: since 1970), the number of its type and its
/// numbered fields. Sequences count on from that of the row.
enum CommitForm {
  static let version: UInt8 = 3
  /// A form that expands to more bytes is refused.
  static let largest = 64 * 1024 * 1024

  private static let primed = Deflate.Primed(dictionary)

  /// The bytes for `events`, which are not empty.
  ///
  /// Throws `unstorable` for the first event that cannot be stored.
  static func encode(
    _ events: [RunEvent], of run: RunID, _ sealing: Sealing
  ) throws(JournalError) -> [UInt8] {
    var (latest, first) = (Moment(nanoseconds: 0), events.first?.sequence ?? 0)
    var writer = StoredEventWriter(
      sealing: sealing.sealer(for: EventAddress(run: run, sequence: first)), capacity: 1024)
    writer.items.listHead(events.count)
    for event in events {
      do throws(StoredFormError) {
        writer.sealer = sealing.sealer(for: EventAddress(run: run, sequence: event.sequence))
        try writer.items.openList(3)
        writer.items.integer(event.at.nanoseconds - latest.nanoseconds)
        try StoredEvent.write(event.kind, to: &writer)
        writer.items.close()
        let count = writer.items.output.count
        guard count <= largest else { throw .tooLarge(byteCount: count) }
        latest = event.at
      } catch {
        throw .unstorable(run: run, sequence: event.sequence, error)
      }
    }
    do throws(StoredFormError) {
      return try packed(writer.items.output)
    } catch {
      throw .unstorable(run: run, sequence: first, error)
    }
  }

  /// The form whose CBOR is `plain`.
  static func packed(_ plain: [UInt8]) throws(StoredFormError) -> [UInt8] {
    guard let packed = primed.compress(plain) else {
      throw .tooLarge(byteCount: plain.count)
    }
    return [version] + packed
  }

  /// The events that `encode` was given; the first has the sequence `first`.
  ///
  /// Without a key, secrets become secrets that hold the mask.
  static func decode(
    _ form: [UInt8], of run: RunID, from first: Int, _ key: JournalKey?
  ) throws(StoredFormError) -> [RunEvent] {
    guard let found = form.first else { throw .malformed("no version") }
    guard found == version else { throw .unsupportedVersion(UInt64(found)) }
    guard case .list(let items)? = item(form), !items.isEmpty else {
      throw .malformed("no events")
    }
    var (latest, events) = (Int64(0), [RunEvent]())
    for item in items {
      let address = EventAddress(run: run, sequence: first + events.count)
      guard case .list(let parts) = item, let pause = parts.first?.integer else {
        throw .malformed("no time")
      }
      let (at, isOverflow) = latest.addingReportingOverflow(pause)
      guard !isOverflow else { throw .malformed("a time outside all times") }
      latest = at
      let seal = key.map { Seal(key: $0, event: address) }
      events.append(
        RunEvent(
          sequence: address.sequence, at: Moment(nanoseconds: at),
          kind: try StoredEvent.kind(Array(parts.dropFirst()), opening: seal)))
    }
    return events
  }

  /// The item in the form of a commit, or in the row of an event of an older program; nil when it is
  /// neither.
  static func item(_ form: [UInt8]) -> CBOR? {
    guard form.first == version else { return try? CBOR(decoding: form) }
    return Deflate.expand(Array(form.dropFirst()), with: dictionary, atMost: largest)
      .flatMap { try? CBOR(decoding: $0) }
  }
}

/// What sealing the secrets of events needs.
struct Sealing: Sendable {
  let key: JournalKey
  let random: RandomBytes
  var unknowns = UnknownValues.refused

  /// Seals what belongs to the event at `address`.
  func sealer(for address: EventAddress) -> Sealer {
    Sealer(seal: Seal(key: key, event: address), random: random, unknowns: unknowns)
  }

  /// Seals what is bound to `context`.
  func sealer(for context: [UInt8]) -> Sealer {
    Sealer(seal: Seal(key: key, context: context), random: random, unknowns: unknowns)
  }
}
