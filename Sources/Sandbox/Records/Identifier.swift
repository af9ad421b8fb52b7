/// The text that names one record; opaque to clients (protocol.md §1).
struct Identifier<Subject>: Sendable, Hashable {
  let text: String
}

typealias ProfileID = Identifier<Profile>
typealias CommandID = Identifier<Command>
typealias DeviceID = Identifier<Device>
typealias ReservationID = Identifier<Reservation>
typealias DataTokenID = Identifier<DataToken>
typealias VotingConfigurationID = Identifier<VotingConfiguration>
typealias PolicyID = Identifier<Policy>
typealias PollID = Identifier<Poll>
typealias ApplicationID = Identifier<OAuthApplication>
