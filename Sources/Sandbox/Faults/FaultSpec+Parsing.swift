import Playbooks

extension FaultSpec {
  /// Reads entries `NAME=SHARE%` or `NAME=SHARE%:DURATION`, separated by commas.
  ///
  /// A preset may come first; entries after it override its own. Throws every flaw of the text.
  package init(parsing text: String) throws(FaultSpecError) {
    var reader = Reader()
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      reader.read(entry)
    }
    reader.checkSums()
    guard reader.flaws.isEmpty else { throw FaultSpecError(flaws: reader.flaws) }
    self = reader.spec
  }

  /// The faults of a preset.
  package init(_ preset: FaultPreset) {
    var reader = Reader()
    for entry in preset.expansion.split(separator: ",") { reader.read(entry) }
    self = reader.spec
  }
}

/// Reads one entry after the other.
private struct Reader {
  var spec = FaultSpec()
  var flaws: [FaultSpecError.Flaw] = []
  private var count = 0
  private var read: Set<FaultKind> = []

  mutating func read(_ entry: Substring) {
    defer { count += 1 }
    let halves = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(halves[0])
    let value = halves.count > 1 ? halves[1] : nil
    if entry.isEmpty {
      flaws.append(.emptyEntry)
    } else if let preset = FaultPreset(rawValue: name) {
      take(preset, value)
    } else if let kind = FaultKind(rawValue: name) {
      take(kind, value)
    } else {
      flaws.append(.unknownName(name))
    }
  }

  private mutating func take(_ preset: FaultPreset, _ value: Substring?) {
    if value != nil { return flaws.append(.presetWithShare(preset)) }
    guard count == 0 else { return flaws.append(.latePreset(preset)) }
    spec = FaultSpec(preset)
  }

  private mutating func take(_ kind: FaultKind, _ value: Substring?) {
    guard read.insert(kind).inserted else { return flaws.append(.repeated(kind)) }
    guard let value else { return flaws.append(.missingShare(kind)) }
    let halves = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let share = FaultShare(halves[0]) else {
      return flaws.append(.wrongShare(kind, String(halves[0])))
    }
    guard halves.count > 1 else {
      let duration = spec[kind]?.duration ?? kind.usualDuration
      spec[kind] = FaultSpec.Rule(share: share, duration: duration)
      return
    }
    guard kind.usualDuration != nil else { return flaws.append(.unexpectedDuration(kind)) }
    guard let duration = DurationText.duration(String(halves[1])),
      duration <= FaultSpec.maximumDuration
    else { return flaws.append(.wrongDuration(kind, String(halves[1]))) }
    spec[kind] = FaultSpec.Rule(share: share, duration: duration)
  }

  /// At most one fault befalls a request or a message, so their shares are at most all of them.
  mutating func checkSums() {
    for kinds in [FaultKind.ofRequests, FaultKind.ofMessages] {
      let sum = kinds.reduce(0) { $0 + (spec[$1]?.share.millionths ?? 0) }
      if sum > FaultShare.whole {
        flaws.append(.tooMuch(kinds.filter { spec[$0] != nil }))
      }
    }
  }
}
