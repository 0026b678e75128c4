internal import Files

/// Refuses to write into a folder that images are read from: pictures of reports would become images of a class.
///
/// - Parameters:
///   - output: Where something will be written; it need not exist.
///   - folders: The folders of images.
/// - Throws: `DatasetError.outputInData` if the output is one of them or below it, by whatever spelling or link.
package func refuseOutput(_ output: String, in folders: [String]) throws(DatasetError) {
  for folder in folders { try refuseOutput(output, inFolder: folder) }
}

private func refuseOutput(_ output: String, inFolder data: String) throws(DatasetError) {
  guard let root = resolved(data) else { return }
  // What does not exist yet is where its nearest folder is.
  var parts = output.split(separator: "/", omittingEmptySubsequences: false)
  var place = resolved(output)
  while place == nil, parts.popLast() != nil {
    let above = parts.joined(separator: "/")
    place = resolved(!above.isEmpty ? above : output.hasPrefix("/") ? "/" : ".")
  }
  guard let place, isInside(place, root) else { return }
  throw .outputInData(output: output, data: data)
}
