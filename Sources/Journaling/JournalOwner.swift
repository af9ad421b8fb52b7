package import Operations

/// A process that drives runs, as others see it.
package struct JournalOwner: Sendable, Hashable {
  /// Names it in the journal; never given to another.
  package var number: Int64
  /// Which process it is.
  package var identity: OwnerIdentity

  /// The owner that the journal knows as `number`.
  package init(number: Int64, identity: OwnerIdentity) {
    self.number = number
    self.identity = identity
  }
}

/// Which process, on which machine, since when.
package struct OwnerIdentity: Sendable, Hashable {
  /// Its process id.
  package var process: Int32
  /// The host name of its machine.
  package var host: String
  /// When it opened the journal.
  package var since: Moment

  /// The process `process` of the machine `host`.
  package init(process: Int32, host: String, since: Moment) {
    self.process = process
    self.host = host
    self.since = since
  }
}

extension OwnerIdentity: CustomStringConvertible {
  /// Such as `process 4711 on build-3`.
  package var description: String { "process \(process) on \(host)" }
}
