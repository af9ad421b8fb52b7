import Events
import Operations
import Playbooks
import Schedules
import TimeZones

extension Schedule {
  private static let mostInstants = 2

  /// When it is due, in a few words, such as `0 3 * * MON in Europe/Stockholm` or `every 6h`.
  var shortText: String {
    var parts: [String] = []
    let instants = at.prefix(Self.mostInstants).map(\.text)
    let more = at.count - instants.count
    let local = cron.map(\.text) + instants + (more > 0 ? ["\(more) more"] : [])
    if !local.isEmpty { parts.append("\(local.joined(separator: ", ")) in \(zone.name)") }
    if let every { parts.append("every \(DurationText.text(every))") }
    return parts.joined(separator: "; ")
  }

  /// The settings that are not the default, each with its name.
  var settings: [(name: String, text: String)] {
    var settings: [(name: String, text: String)] = []
    if let window {
      settings.append(("window", "a rollout starts at most \(window.daysText) late"))
    }
    if jitter > .zero {
      settings.append(("jitter", "a rollout starts up to \(jitter.daysText) later"))
    }
    if let text = catchUp.text { settings.append(("catch-up", text)) }
    if let text = overlap.text { settings.append(("overlap", text)) }
    if pauseOnFailure {
      settings.append(("failure", "the schedule pauses when a rollout does not succeed"))
    }
    if let from { settings.append(("from", from.text)) }
    if let until { settings.append(("until", until.text)) }
    return settings
  }

  /// For programs (`schemas/preview.schema.json` and `schemas/schedules.schema.json`).
  var json: EncodedJSON {
    .object([
      "cron": cron.isEmpty ? nil : .list(cron.map { .text($0.text) }),
      "everyMilliseconds": every.map(EncodedJSON.milliseconds),
      "at": at.isEmpty ? nil : .list(at.map { .text($0.text) }),
      "timezone": .text(zone.name), "windowMilliseconds": window.map(EncodedJSON.milliseconds),
      "catchUp": .text(catchUp.rawValue), "overlap": .text(overlap.rawValue),
      "jitterMilliseconds": jitter > .zero ? .milliseconds(jitter) : nil,
      "pauseOnFailure": .bool(pauseOnFailure), "from": from.map { .text($0.text) },
      "until": until.map { .text($0.text) },
    ])
  }
}

extension Schedule.CatchUp {
  /// What it means; nil for the default.
  fileprivate var text: String? {
    switch self {
    case .one: nil
    case .all: "a rollout for each missed instant"
    case .none: "missed instants are not caught up"
    }
  }
}

extension Schedule.Overlap {
  /// What it means; nil for the default.
  fileprivate var text: String? {
    switch self {
    case .skip: nil
    case .queue: "an instant waits while a rollout is in progress"
    case .cancel: "a rollout in progress is cancelled"
    }
  }
}

extension Duration {
  /// Such as `7 days`, `6 h` or `1 h 30 min`.
  fileprivate var daysText: String {
    let (days, rest) = components.seconds.quotientAndRemainder(dividingBy: 86_400)
    guard days > 0, self == .seconds(days * 86_400), rest == 0 else {
      return ElapsedText.round(self)
    }
    return days == 1 ? "1 day" : "\(days) days"
  }
}
