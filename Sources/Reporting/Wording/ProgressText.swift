import Events

extension RunProgress {
  /// Such as `waiting (running, process 4711 on build-3)`.
  var text: String {
    guard state == .waiting else { return state.rawValue }
    return "\(state.rawValue) (\(driver.map { "running, \($0.text)" } ?? "no process drives it"))"
  }

  /// The process that drives the run; nil when there is none.
  var driverJSON: EncodedJSON? {
    driver?.json
  }
}

extension RunProgress.Driver {
  /// Such as `process 4711 on build-3`.
  var text: String { "process \(process) on \(host)" }

  /// For programs.
  var json: EncodedJSON {
    .object(["process": .count(Int(process)), "host": .text(host)])
  }
}
