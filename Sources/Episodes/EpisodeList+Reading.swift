internal import Formats
public import Images

extension EpisodeList {
  /// Reads and checks the bytes of a list: everything that can be known without the images.
  ///
  /// - Parameter bytes: The file; it need not be trustworthy.
  /// - Throws: `EpisodeListError` with the number of the line that is wrong.
  public init(parsing bytes: [UInt8]) throws(EpisodeListError) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard let first = lines.first, !bytes.isEmpty else {
      throw EpisodeListError(
        line: 0, reason: "the file is empty", remedy: "Make it with fewshot episodes make.")
    }
    let header = try HeaderLine(fields(of: first, line: 1)).checked()
    self.init(header: header, episodes: [])
    episodes.reserveCapacity(lines.count - 1)
    var seen: Set<Int> = []
    for (i, line) in lines.enumerated().dropFirst() {
      let episode = try EpisodeDescription(fields(of: line, line: i + 1), line: i + 1)
      if let fault = episode.fault(header) { throw faulty(i + 1, fault) }
      guard seen.insert(episode.index).inserted else {
        throw faulty(i + 1, "episode \(episode.index) is listed twice")
      }
      episodes.append(episode)
    }
  }

  /// Checks the list against the images it names.
  ///
  /// The data hash must agree; every class must be one of the split; every path must be an image of its
  /// class; support and query must share no content.
  ///
  /// - Parameter store: The decoded data set.
  /// - Throws: `EpisodeListError` with the number of the first line that is wrong.
  public func verify(against store: ImageStore) throws(EpisodeListError) {
    guard header.dataHash == store.dataHash else {
      throw EpisodeListError(
        line: 1,
        reason:
          "it was made for data \(header.dataHash.prefix(12))…, but this is \(store.dataHash.prefix(12))…",
        remedy:
          "Use the data it was made for, or make a new list. A list over images that --split names needs that --split, and one "
          + "over several folders the same --data in the same order, with folders of the same names."
      )
    }
    let classes = Dictionary(
      store.classes(in: header.split).map { ($0.name, Set($0.images)) }, uniquingKeysWith: { a, _ in a })
    for (i, episode) in episodes.enumerated() {
      if let fault = episode.fault(header) { throw faulty(i + 2, fault) }
      if let elsewhere = otherDivision(of: episode, classes, store) {
        throw EpisodeListError(
          line: i + 2, reason: elsewhere,
          remedy:
            "The list may be right: give the --split, or the --split-seed, that it was made with, which puts its classes "
            + "into \(header.split.folderName).")
      }
      if let fault = fault(in: episode, classes, store) { throw faulty(i + 2, fault) }
    }
  }

  /// What is wrong if a class of an episode is in the data, but in another split; nil if none is.
  private func otherDivision(
    of episode: EpisodeDescription, _ classes: [String: Set<String>], _ store: ImageStore
  ) -> String? {
    for c in episode.classes.indices {
      let name = episode.source(c, header.rotations)
      guard classes[name] == nil else { continue }
      let split = store.classes.first { $0.name == name }?.split
      let isThere = split != nil || store.isUndivided(name)
      return isThere
        ? "class \(shown(name)) is in \(split.map { "the \($0.folderName) split" } ?? "no split") here, but the list is one of "
          + "the \(header.split.folderName) split"
        : nil
    }
    return nil
  }

  private func fault(
    in episode: EpisodeDescription, _ classes: [String: Set<String>], _ store: ImageStore
  ) -> String? {
    for c in episode.classes.indices {
      guard let images = classes[episode.source(c, header.rotations)] else {
        return "class \(shown(episode.classes[c])) is not in the \(header.split.rawValue) split of the data"
      }
      for path in episode.support[c] + episode.query[c] where !images.contains(path) {
        return store.contains(path)
          ? "\(shown(path)) is not an image of class \(shown(episode.classes[c]))"
          : "\(shown(path)) is not in the data, or cannot be decoded"
      }
    }
    var support: [UInt64: String] = [:]
    for path in episode.support.joined() { support[store.contentKey(of: path) ?? 0] = path }
    for path in episode.query.joined() {
      if let twin = support[store.contentKey(of: path) ?? 0] {
        return "query image \(shown(path)) is the same picture as support image \(shown(twin))"
      }
    }
    return nil
  }
}

extension EpisodeDescription {
  /// The class folder behind class `c`: its name without the `@90` of a rotation that is a class of its own.
  func source(_ c: Int, _ policy: RotationPolicy) -> String {
    let suffix = "@\(rotations[c])"
    let isTurned = policy == .class && rotations[c] != 0 && classes[c].hasSuffix(suffix)
    return isTurned ? String(classes[c].dropLast(suffix.count)) : classes[c]
  }

  /// What is wrong with the episode by itself, if anything.
  fileprivate func fault(_ header: EpisodeList.Header) -> String? {
    let shape = header.shape
    if index < 0 { return "index \(index) is negative" }
    let ways = shape.fewestWays...shape.ways
    for (name, count) in [
      ("classes", classes.count), ("rotations", rotations.count), ("support", support.count),
      ("query", query.count),
    ] {
      guard count == classes.count, ways.contains(count) else {
        let wanted = ways.count == 1 ? "\(shape.ways)" : "\(shape.fewestWays) to \(shape.ways)"
        return ways.contains(classes.count)
          ? "\(name) has \(count) entries, classes has \(classes.count)"
          : "\(name) has \(count) entries, the header says \(wanted) ways"
      }
    }
    if let turn = rotations.first(where: { ![0, 90, 180, 270].contains($0) }) {
      return "rotation \(turn) is none of 0, 90, 180, 270"
    }
    if header.rotations == .none, rotations.contains(where: { $0 != 0 }) {
      return "a class is turned, but the header says rotations none"
    }
    let misnamed = classes.indices.first { rotations[$0] != 0 && !classes[$0].hasSuffix("@\(rotations[$0])") }
    if header.rotations == .class, let c = misnamed {
      return "class \(shown(classes[c])) is turned, so its name must end in @\(rotations[c])"
    }
    if Set(classes).count != classes.count { return "a class appears twice" }
    for c in classes.indices {
      for (side, images, most) in [("support", support[c], shape.shots), ("query", query[c], shape.queries)] {
        if shape.sizes == .equal ? images.count != most : !(1...most).contains(images.count) {
          return "class \(shown(classes[c])) has \(images.count) \(side) images, not "
            + (shape.sizes == .equal ? "\(most)" : "1 to \(most)")
        }
        if Set(images).count != images.count { return "class \(shown(classes[c])) has an image twice" }
      }
    }
    if shape.sizes == .variable {
      let all = support.reduce(0) { $0 + $1.count }
      if all > max(shape.shots, classes.count) {
        return "it has \(all) support images, more than \(shape.shots)"
      }
      if let c = classes.indices.first(where: { query[$0].count != query[0].count }) {
        return
          "class \(shown(classes[c])) has \(query[c].count) query images, and the first class \(query[0].count)"
      }
    }
    let supported = Set(support.joined())
    if let both = query.joined().first(where: supported.contains) {
      return "\(shown(both)) is in support and query"
    }
    return (support.joined().first(where: leaves) ?? query.joined().first(where: leaves)).map {
      "\(shown($0)) is not a path below the data root"
    }
  }

  /// Whether a path could leave the data root.
  private func leaves(_ path: String) -> Bool {
    path.isEmpty || path.hasPrefix("/") || path.utf8.contains(0)
      || path.utf8.count > 4096
      || path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
  }
}

/// What is wrong with a line.
func faulty(_ line: Int, _ reason: String) -> EpisodeListError {
  EpisodeListError(line: line, reason: reason, remedy: "Correct the line, or make the list again.")
}

/// The most bytes of one episode: a thousand times the largest in use.
private let longestLine = 1 << 24

/// A text from the file, cut to a length that fits an error.
private func shown(_ text: String) -> String { printable(text) }

/// The fields of a line.
private func fields(of bytes: ArraySlice<UInt8>, line: Int) throws(EpisodeListError) -> JSONFields {
  let value: JSONValue
  do {
    value = try JSONReader.read(bytes, limits: .init(depth: 4, bytes: longestLine))
  } catch {
    throw faulty(line, error.reason)
  }
  do {
    return try JSONFields(value)
  } catch {
    throw faulty(line, error.description)
  }
}

extension EpisodeDescription {
  /// The episode of a line.
  fileprivate init(_ fields: JSONFields, line: Int) throws(EpisodeListError) {
    do {
      self.init(
        index: try fields.required("index", \.whole), classes: try fields.required("classes", \.strings),
        rotations: try fields.required("rotations", \.wholes),
        support: try fields.required("support", \.stringLists),
        query: try fields.required("query", \.stringLists))
    } catch {
      throw faulty(line, error.description)
    }
  }
}
