internal import Documents
internal import Results

/// What arms took over of a trained network: how near a fit came, and what it is worth before any training.
enum StartSection {
  static func make(_ source: ReportSource) -> Section? {
    let arms = source.result.arms.compactMap { arm in arm.train.start.map { (arm.name, $0) } }
    guard !arms.isEmpty else { return nil }
    var blocks: [Block] = [.table(table(arms))]
    let layers = arms.flatMap { name, start in
      start.layers.map { layer -> [Table.Cell] in
        [.text(name), .text(layer.path), percent(layer.error)]
      }
    }
    if !layers.isEmpty {
      blocks.append(
        .details(
          summary: "Error of each layer",
          [
            .table(
              Table(
                name: "start-layers",
                columns: [
                  .text("arm", "arm"), .text("convolution", "path"), .number("error", "error", .share),
                ],
                rows: layers, note: "‖W′ − W‖ / ‖W‖ of a kernel W and its fit W′."))
          ]))
    }
    return Section(title: "Where the arms start", blocks: blocks)
  }

  private static func table(_ arms: [(String, RunResult.Start)]) -> Table {
    Table(
      name: "start",
      columns: [
        .text("arm", "arm"), .text("network", "initial"), .number("error of the fit", "error", .share),
        .number("accuracy before", "accuracy_before", .share),
        .number("accuracy after", "accuracy_after", .share),
        .number("episodes", "episodes"),
      ],
      rows: arms.map { name, start in
        [
          .text(name), .text(start.initial), start.layers.isEmpty ? .text("copied") : percent(start.error),
          percent(start.accuracyBefore), percent(start.accuracyAfter), .count(start.episodes),
        ]
      },
      note:
        "Accuracy of the nearest class mean on validation episodes, with the features of the trained network and "
        + "with those of the arm before any step. Error: ‖W′ − W‖ / ‖W‖ over all kernels W and their fits W′."
    )
  }

  private static func percent(_ share: Double) -> Table.Cell {
    Table.Cell(text: Wording.percent(share, 1), value: share)
  }
}
