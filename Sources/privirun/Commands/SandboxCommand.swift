import ArgumentParser
import Playbooks
import Sandbox

struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox", abstract: "Serve an imitation of the service on the loopback address.",
    discussion: """
      It keeps everything in memory and refuses what the real service would refuse. What it received, \
      which effects that had and which rules of the protocol were broken is told, as JSON, at \
      /__sandbox/ledger of the API. It serves until it is interrupted.

        privirun sandbox --api-port 8009 --ws-port 8083 --voters yes --delay 20ms
      """)

  @Option(help: "The port of the HTTP API; 0 takes a free one.")
  var apiPort = 0

  @Option(help: "The port of the WebSocket proxy.")
  var wsPort = 0

  @Option(help: "The port of the upload server.")
  var upstreamPort = 0

  @Option(help: "The port of the download server.")
  var downstreamPort = 0

  @Option(help: "How the simulated authenticators vote: yes, no or absent.")
  var voters = Voter.yes

  @Option(
    help: ArgumentHelp(
      "How long a command takes, and a voter to think: 0, 20ms, 2s (at most 1h).",
      valueName: "duration"),
    transform: Self.duration)
  var delay = Duration.milliseconds(20)

  @Option(help: "The seed of everything left to chance.")
  var seed: UInt64?

  func validate() throws {
    for port in [apiPort, wsPort, upstreamPort, downstreamPort] where !(0...65_535).contains(port) {
      throw ValidationError("a port must be 0 to 65535, not \(port)")
    }
  }

  func run() async throws {
    var generator = SystemRandomNumberGenerator()
    var sandbox = SandboxConfiguration(seed: seed ?? generator.next())
    sandbox.apiPort = apiPort
    sandbox.webSocketPort = wsPort
    sandbox.upstreamPort = upstreamPort
    sandbox.downstreamPort = downstreamPort
    sandbox.vault.voters = [voters]
    sandbox.vault.delay = delay
    sandbox.vault.voterDelay = delay
    do {
      try await serve(sandbox)
    } catch let error as SandboxError {
      throw CommandFailure(.invalid, error.message, hint: "is the port taken?")
    }
  }

  /// Serves until the first signal.
  private func serve(_ sandbox: SandboxConfiguration) async throws {
    let interrupts = Interrupts()
    try await SandboxServer.withServer(sandbox) { addresses in
      StandardStream.output.write(
        """
        The sandbox is serving. In another terminal:

          export PRIVICORE_API_URL=\(addresses.api)
          export PRIVICORE_WS_URL=\(addresses.webSocket)
          export PRIVICORE_UPSTREAM_URL=\(addresses.upstream)
          export PRIVICORE_DOWNSTREAM_URL=\(addresses.downstream)

        What it saw: \(addresses.api)/__sandbox/ledger
        Ctrl-C stops it.

        """)
      for await _ in interrupts.signals { break }
    }
  }

  private static func duration(_ text: String) throws -> Duration {
    if text == "0" || text == "0ms" || text == "0s" { return .zero }
    guard let duration = DurationText.duration(text), duration <= .seconds(3600) else {
      throw ValidationError("`\(text)` is no duration; write it like 20ms or 2s, at most 1h")
    }
    return duration
  }
}

extension Voter: ExpressibleByArgument {}
