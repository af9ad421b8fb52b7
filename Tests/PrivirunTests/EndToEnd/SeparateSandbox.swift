import Foundation
import Networking
import Operations
import Running
import Testing

/// `privirun sandbox` in a process of its own.
struct SeparateSandbox {
  /// The environment that leads a run to it.
  let environment: [String: String]
  /// The lines that it printed when it was ready.
  let greeting: [String]

  /// Serves while `body` runs.
  static func serving<Result>(
    _ options: String..., in folder: String, body: (SeparateSandbox) async throws -> Result
  ) async throws -> Result {
    try await serving(options, in: folder, body: body)
  }

  /// Serves while `body` runs.
  static func serving<Result>(
    _ options: [String], in folder: String, body: (SeparateSandbox) async throws -> Result
  ) async throws -> Result {
    let running = try Program.start(["sandbox"] + options, in: folder)
    var environment: [String: String] = [:]
    var greeting: [String] = []
    for await line in running.lines.map({ String($0.dropLast()) }) {
      greeting.append(line)
      if let words = line.split(separator: "export ").last?.split(separator: "=", maxSplits: 1),
        words.count == 2
      {
        environment[String(words[0])] = String(words[1])
      }
      if line.hasPrefix("Ctrl-C") { break }
    }
    do {
      let result = try await body(SeparateSandbox(environment: environment, greeting: greeting))
      running.interrupt()
      _ = await running.ended()
      return result
    } catch {
      running.interrupt()
      throw error
    }
  }

  /// What it saw, as JSON.
  func ledgerText() async throws -> String {
    let api = try #require(environment["PRIVICORE_API_URL"])
    let addresses = try ServiceAddresses(
      besides: api, webSocket: nil, upstream: nil, downstream: nil)
    return try await LiveTransport.withTransport(addresses: addresses) { transport in
      let request = APIRequest(method: "GET", path: "/__sandbox/ledger")
      // Beside many other processes nothing may be connected in time.
      for _ in 1...5 {
        if let response = try? await transport.exchange(request) {
          return String(decoding: response.body, as: UTF8.self)
        }
      }
      return String(decoding: try await transport.exchange(request).body, as: UTF8.self)
    }
  }

  /// What the sandbox counted, for the operations that had any of it.
  struct Ledger {
    let received: [String: Int]
    let effects: [String: Int]
    /// How many rules of the protocol were broken.
    let violations: Int
  }

  /// How many requests and effects each operation had, and how many rules were broken.
  func ledger() async throws -> Ledger {
    let text = try await ledgerText()
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let counts = try #require(whole["operations"] as? [String: [String: Int]])
    func all(_ name: String) -> [String: Int] {
      counts.compactMapValues { $0[name] }.filter { $0.value > 0 }
    }
    return Ledger(
      received: all("received"), effects: all("effects"),
      violations: try #require(whole["violationCount"] as? Int))
  }
}
