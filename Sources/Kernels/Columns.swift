internal import CVectorKernels

/// Lays the columns of a convolution out in panels that fit the cache, and adds such panels back.
///
/// Columns are `[C·k², positions]`. Where the geometry allows, every tap is a shift of a phase plane; see
/// `fs_is_shift` in the C header.
enum Columns {
  /// Calls `body` with one panel after another: its memory, its first position and its number of positions.
  static func panels(
    of x: Source, channels: Int, _ g: ConvGeometry,
    _ body: (_ panel: Target, _ first: Int, _ columns: Int) -> Void
  ) {
    let depth = channels * g.taps
    withPhases(of: x, channels: channels, g) { planes in
      withScratch(g.panelCapacity(depth: depth)) { panel in
        g.panels(depth: depth) { rows, first, columns in
          if g.isShift {
            fs_shift_columns(planes, channels, g.c, rows.lowerBound, rows.upperBound, panel)
          } else {
            fs_row_columns(planes, channels, g.c, rows.lowerBound, rows.upperBound, panel)
          }
          body(panel, first, columns)
        }
      }
    }
  }

  /// Calls `body` to fill one panel after another and adds each onto `x`, which starts at zero.
  static func addPanels(
    onto x: Target, channels: Int, _ g: ConvGeometry,
    _ body: (_ panel: Target, _ first: Int, _ columns: Int) -> Void
  ) {
    let depth = channels * g.taps
    withPhases(onto: x, channels: channels, g) { planes in
      withScratch(g.panelCapacity(depth: depth)) { panel in
        g.panels(depth: depth) { rows, first, columns in
          body(panel, first, columns)
          if g.isShift {
            fs_shift_columns_add(panel, channels, g.c, rows.lowerBound, rows.upperBound, planes)
          } else {
            fs_row_columns_add(panel, channels, g.c, rows.lowerBound, rows.upperBound, planes)
          }
        }
      }
    }
  }

  /// Calls `body` with the phase planes of `x`, or `x` itself where there is nothing to sort.
  static func withPhases(of x: Source, channels: Int, _ g: ConvGeometry, _ body: (Source) -> Void) {
    guard g.isShift && g.stride > 1 else { return body(x) }
    withScratch(channels * g.phasePlanes) { planes in
      fs_split_phases(x, channels, g.c, planes)
      body(planes)
    }
  }

  /// Calls `body` with zeroed phase planes to add onto and puts the sums in `x`.
  static func withPhases(onto x: Target, channels: Int, _ g: ConvGeometry, _ body: (Target) -> Void) {
    guard g.isShift && g.stride > 1 else {
      x.initialize(repeating: 0, count: channels * g.plane)
      return body(x)
    }
    withScratch(channels * g.phasePlanes) { planes in
      planes.initialize(repeating: 0, count: channels * g.phasePlanes)
      body(planes)
      fs_merge_phases(planes, channels, g.c, x)
    }
  }
}

extension ConvGeometry {
  /// Whether every tap is a shift of a phase plane.
  var isShift: Bool { fs_is_shift(c) != 0 }

  /// Scalars in the phase planes of one channel.
  var phasePlanes: Int { stride * stride * outPlane }
}
