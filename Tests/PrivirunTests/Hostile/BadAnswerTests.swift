import Networking
import Running
import Testing

/// What a user sees of each bad response, wherever it comes.
///
/// The whole of it stands in `Fixtures/bad-answers`, a file for each place.
@Suite("Bad answers", .serialized, .timeLimit(.minutes(20)))
struct BadAnswerTests {
  /// Where an answer is bad.
  enum Place: String, CaseIterable, Sendable {
    case login
    /// A request that changes nothing.
    case read
    /// A request that may have been carried out.
    case command
    case poll
    case upload
    case download
  }

  @Test(arguments: Place.allCases, BadAnswer.all)
  func `it is reported as what it is, with what to do next`(
    place: Place, bad: BadAnswer
  ) async throws {
    let reported = try await explanation(of: bad, at: place)
    let expected = try Golden.sections(of: "bad-answers/\(place.rawValue).expected")
    #expect(reported == expected[bad.testDescription])
    #expect(!reported.contains("planted"))
    #expect(reported.hasPrefix("succeeded") || reported.contains("\n  next "), "\(reported)")
  }

  @Test(arguments: Place.allCases)
  func `every recorded explanation belongs to a bad answer`(place: Place) throws {
    let expected = try Golden.sections(of: "bad-answers/\(place.rawValue).expected")
    #expect(Set(expected.keys) == Set(BadAnswer.all.map(\.testDescription)))
  }

  private func explanation(of bad: BadAnswer, at place: Place) async throws -> String {
    try await SocketServer.serving { message in
      message.field("action") == "joinChannel" ? [message.joined()] : [.close(1000)]
    } body: { sockets, socket in
      try await HostileServer.serving { request in
        if request == Self.dataRequest { sockets.push(Self.dataMessage) }
        guard Self.isBad(request, at: place) else { return Self.good(request) }
        // A download that was refused is tried once more when the stream is said to be ready.
        if place == .download { sockets.push(#"{"data":{"type":"STREAM-READY","id":"r-1"}}"#) }
        return bad.answer
      } body: { server in
        var run = try HostileRun(Self.step(for: place))
        run.options.answerLimit = 1 << 18
        run.options.downloadLimit = 1 << 18
        if bad.needsPatience {
          run.options.exchangeTimeout = .milliseconds(300)
          run.options.idleTimeout = .milliseconds(300)
        }
        // A command that is not known is given up by itself.
        let endsByItself = place == .poll && bad.testDescription == "404"
        run.hasGoneBy = { !endsByItself && Self.hasSeenEnough(server, at: place) }
        let reported = try await run.explanation(api: server.address, webSocket: socket)
        // What is thrown away does not even come whole: the rest is in the buffers of two kernels.
        #expect(server.sentBytes < 32 << 20)
        return reported
      }
    }
  }

  /// Whether nothing new can come, so that what goes on for ever may end with the step's timeout.
  private static func hasSeenEnough(_ server: HostileServer, at place: Place) -> Bool {
    let count = server.requests.count { isBad($0, at: place) }
    switch place {
    case .login, .read, .command, .upload: return false
    case .poll: return count >= 3
    case .download: return count >= 2 && server.count(dataRequest) == 1
    }
  }

  private static let dataRequest = "POST /data-token/request-data"
  private static let dataMessage =
    #"{"data":{"type":"X-DPT-CAB-REQUEST-ID","id":"r-1","output_type":1,"body":"planted-auth"}}"#

  private static func step(for place: Place) -> String {
    switch place {
    case .login, .read: "  - {id: a, call: data-token.list-data-tokens}"
    case .command, .poll:
      "  - {id: a, call: profile.register-new-profile, with: {username: u, password: planted-1}}"
    case .upload:
      "  - {id: a, call: data-token.upstream-file-via-stream-auth, "
        + "with: {auth: planted-auth, body: x}}"
    case .download:
      "  - {id: a, call: data-token.request-data-via-token, with: {token: dtk-1}}"
    }
  }

  private static func isBad(_ request: String, at place: Place) -> Bool {
    switch place {
    case .login: request == "POST /profile/authenticate"
    case .read: request.hasPrefix("GET /data-token/list-data-tokens")
    case .command: request == "POST /profile/register-profile"
    case .poll: request.contains("/request-status/")
    case .upload: request.hasPrefix("POST /?auth=")
    case .download: request.hasPrefix("GET /?auth=")
    }
  }

  private static func good(_ request: String) -> HostileAnswer {
    switch request {
    case "POST /profile/authenticate": .json(#"{"authorizationToken":"planted-token"}"#)
    case "POST /profile/register-profile": .whole(202, #"["c-1"]"#)
    case dataRequest:
      .whole(202, "", headers: "x-dpt-cab-request-id: r-1\r\n")
    default: .whole(404, #"{"message":"no such thing"}"#)
    }
  }
}
