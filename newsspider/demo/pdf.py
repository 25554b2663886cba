"""A PDF of one page, as an office puts it on its site."""

from __future__ import annotations


def pdf(lines: tuple[str, ...], *, picture: tuple[bytes, int, int] | None = None) -> bytes:
    """One page with some lines of text; or one with a grey picture (bytes, width, height) alone."""
    shown = b"BT /F1 12 Tf 50 750 Td 16 TL %s ET" % b" ".join(
        b"<%s> Tj T*" % line.encode("utf-16-be").hex().encode() for line in lines
    )
    grey, width, height = picture or (b"0", 1, 1)
    if picture:
        shown = b"q 500 0 0 500 40 200 cm /I1 Do Q"
    image = (
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Length %d >>"
        b"\nstream\n%s\nendstream" % (width, height, len(grey), grey)
    )
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> /XObject << /I1 7 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        image,
    )
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 8\n0000000000 65535 f \n%strailer << /Size 8 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )
