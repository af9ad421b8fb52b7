/// The open sockets of a run, by their names.
actor OpenSockets {
  private var sockets: [SocketID: any MessageSocket] = [:]

  func add(_ socket: any MessageSocket, as id: SocketID) {
    sockets[id] = socket
  }

  func remove(_ id: SocketID) {
    sockets[id] = nil
  }

  /// Sends `text`; a socket that broke tells so by ending its messages.
  func send(_ text: String, on id: SocketID) async {
    try? await sockets[id]?.send(text)
  }

  func close(_ id: SocketID) async {
    await sockets.removeValue(forKey: id)?.close()
  }

  func closeAll() async {
    let open = sockets.values
    sockets = [:]
    for socket in open { await socket.close() }
  }
}
