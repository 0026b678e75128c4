"""Makes JPEGPictures.swift: small JPEG files of every kind, and their pixels as Pillow decodes and turns them.

  python3 make_jpeg_pictures.py > ../TestData/JPEGPictures.swift        (with Pillow and NumPy)

Pillow and this program both use libjpeg-turbo, in versions of their own; so a value may differ by one or two. Turning
and inks are written apart: Pillow's `exif_transpose` and its CMYK conversion are the oracle.
"""
import base64
import io

import numpy as np
from PIL import Image, ImageOps

WIDTH, HEIGHT = 21, 13
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
# Smooth, so that versions of the library agree to a level or two, and without any symmetry.
planes = [128 + 100 * np.sin(x / 9 + c) * np.cos(y / 7 - c) + 2 * x - y for c in range(4)]
values = np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)
colour = Image.fromarray(values[..., :3], "RGB")
grey = Image.fromarray(values[..., 0], "L")
inks = Image.fromarray(values, "CMYK")


def jpeg(image, **how):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, **how)
    return out.getvalue()


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(colour, subsampling=0, exif=exif)


def with_transform(data, transform):
    """The same file with another number in its Adobe segment: 2 says that inks are stored as YCCK."""
    at = data.index(b"Adobe") + 11
    return data[:at] + bytes([transform]) + data[at + 1:]


files = {
    "grey": jpeg(grey),
    "colour": jpeg(colour, subsampling=0),
    "half colour": jpeg(colour, subsampling=2),
    "progressive": jpeg(colour, subsampling=1, progressive=True),
    "restart markers": jpeg(colour, subsampling=0, restart_marker_blocks=1),
    "CMYK": jpeg(inks),
    "YCCK": with_transform(jpeg(inks), 2),
    **{f"orientation {n}": turned(n) for n in range(1, 9)},
}


def text(data, indent):
    encoded = base64.b64encode(data).decode()
    lines = [encoded[i:i + 100] for i in range(0, len(encoded), 100)]
    return '"""\n' + "\n".join(f"{indent}{line}" for line in lines) + f'\n{indent}"""'


print("internal import Foundation\n")
print("// Made by Tests/Goldens/make_jpeg_pictures.py.\n")
print("/// A JPEG file and its upright pixels.")
print("package struct JPEGPicture: Sendable, CustomStringConvertible {")
print("  /// What kind of file it is.\n  package let description: String")
print("  /// Columns of the upright picture.\n  package let width: Int")
print("  /// Rows of the upright picture.\n  package let height: Int")
print("  private let fileText: String\n  private let pixelText: String\n")
print("  /// The file.\n  package var file: [UInt8] { Self.bytes(fileText) }\n")
print("  /// `[height, width, 3]`.\n  package var pixels: [UInt8] { Self.bytes(pixelText) }\n")
print("  private static func bytes(_ text: String) -> [UInt8] {")
print("    Array(Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data())\n  }\n")
print("  /// One of every kind.\n  package static let all: [JPEGPicture] = [")
for name, data in files.items():
    upright = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))
    print(f'    JPEGPicture(\n      description: "{name}", width: {upright.shape[1]}, height: {upright.shape[0]},')
    print(f"      fileText: {text(data, '        ')},")
    print(f"      pixelText: {text(upright.tobytes(), '        ')}),")
print("  ]\n}")
