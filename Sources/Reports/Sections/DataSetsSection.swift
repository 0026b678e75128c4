internal import Documents
internal import Results

/// Accuracy on further test data: trained here, tested there.
enum DataSetsSection {
  static func make(_ source: ReportSource) -> Section? {
    let arms = source.result.arms.filter { $0.dataSets?.isEmpty == false }
    guard let first = arms.first?.dataSets else { return nil }
    let counts = arms.map { arm in
      (arm.name, (arm.dataSets ?? []).compactMap(\.nonfinite).reduce(0, +))
    }
    let table = Table(
      name: "data-sets",
      columns: [
        .text("data set", "data_set"), .number("classes", "classes"), .number("images", "images"),
        .text("shots", "shots"),
      ] + arms.map { .number($0.name, "accuracy_\($0.name)", .share) },
      rows: first.enumerated().map { k, row in
        [
          .text(row.name), .count(row.classes), .count(row.images),
          .text(row.shots.map { "\($0)" } ?? "variable"),
        ]
          + arms.map { .percent($0.dataSets?[k].accuracy) }
      },
      note:
        "Mean ± half-width of the 95 % interval over \(Wording.count(first[0].episodes, "episode")) of each row, "
        + (first[0].sizes?.rule ?? "\(first[0].ways) ways, \(first[0].queries) queries")
        + ". Nothing was trained or chosen on these images. Differences to the reference are secondary comparisons."
        + Wording.nonfinite(counts))
    return Section(title: "Other data sets", blocks: [.table(table)])
  }
}
