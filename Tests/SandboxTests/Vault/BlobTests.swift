import Expressions
import Operations
import Sandbox
import Testing

/// Payloads that are kept outside the vault.
struct BlobTests {
  private static let blob = BlobID(4)

  /// A tenant with a store and a reservation, and the request that uploads into it.
  private func uploading(
    voters: [Voter] = [.yes], _ configure: (inout VaultConfiguration) -> Void = { _ in }
  ) -> (client: VaultClient, token: String, upload: APIRequest) {
    var client = VaultClient.provisioned(configure)
    _ = client.device("store", role: "storage")
    let space = client.reservation()
    let upload = APIRequest(
      endpoint: .url(space[field: "stream"]?.text ?? ""), method: "POST", path: "")
    return (client, space[field: "token"]?.text ?? "", upload)
  }

  private func send(
    _ request: APIRequest, carrying count: Int, _ client: inout VaultClient
  ) -> VaultReaction {
    let reaction = client.vault.receive(
      request, carrying: .stored(Self.blob, byteCount: count), at: client.now)
    client.take(reaction.emissions)
    return reaction
  }

  @Test func `an uploaded blob is what a download answers with, and goes with its token`() {
    var (client, token, upload) = uploading { $0.limits.storedBytes = 8 }
    #expect(send(upload, carrying: 5 << 30, &client).response.status == 200)
    client.settle()
    _ = client.post("/data-token/request-data", ["token": token])
    client.settle()
    let link = client.messages("X-DPT-CAB-REQUEST-ID").last?[field: "body"]?.text ?? ""
    let download = APIRequest(endpoint: .url(link), method: "GET", path: "")
    let reaction = client.vault.receive(download, at: client.now)
    #expect(reaction.blob == Self.blob)
    #expect(reaction.response.status == 200)
    #expect(client.vault.receive(download, at: client.now).blob == nil)
    #expect(client.discarded == [])
    _ = client.post("/data-token/delete-data", ["token": token])
    client.settle()
    #expect(client.discarded == [Self.blob])
  }

  @Test func `an update discards the blob it replaces`() {
    var (client, token, upload) = uploading()
    _ = send(upload, carrying: 100, &client)
    client.settle()
    _ = client.post(
      "/data-token/update-data", json: ["dataToken": .string(token), "data": "aGVsbG8="])
    client.settle()
    #expect(client.discarded == [Self.blob])
  }

  @Test(arguments: [("POST", "wrong", 10, 401), ("PUT", "", 10, 405), ("POST", "", 200, 413)])
  func `a blob whose upload is refused is discarded, and refused before it comes`(
    _ method: String, _ suffix: String, _ count: Int, _ status: Int
  ) {
    var (client, _, upload) = uploading { $0.limits.uploadBytes = 100 }
    guard case .url(let address) = upload.endpoint else { return }
    upload.method = method
    upload.endpoint = .upstream
    upload.path = "/"
    upload.query = [
      HTTPField("auth", (address.split(separator: "=").last.map(String.init) ?? "") + suffix)
    ]
    let early = client.vault.refusal(beforeUpload: upload, byteCount: count, at: client.now)
    #expect(early?.status == status)
    #expect(send(upload, carrying: count, &client).response == early)
    #expect(client.discarded == [Self.blob])
    let received = client.count(of: "data-token.upstream-file-via-stream-auth")?.received
    #expect(received == (status == 405 ? nil : 2))
  }

  @Test func `an upload that is wanted is not counted before it came`() {
    var (client, _, upload) = uploading()
    guard case .url(let address) = upload.endpoint else { return }
    upload.endpoint = .upstream
    upload.path = "/"
    upload.query = [HTTPField("auth", address.split(separator: "=").last.map(String.init) ?? "")]
    #expect(client.vault.refusal(beforeUpload: upload, byteCount: 10, at: client.now) == nil)
    #expect(client.count(of: "data-token.upstream-file-via-stream-auth") == nil)
  }

  @Test func `a blob without a store is discarded when its reservation ends`() {
    var client = VaultClient.provisioned()
    let space = client.reservation()
    let upload = APIRequest(
      endpoint: .url(space[field: "stream"]?.text ?? ""), method: "POST", path: "")
    #expect(send(upload, carrying: 10, &client).response.status == 200)
    client.settle()
    #expect(client.discarded == [])
    client.wait(.seconds(600))
    #expect(client.discarded == [Self.blob])
  }
}
