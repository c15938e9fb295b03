#!/usr/bin/env python3
"""Makes the demo's PDF: one page, Latin and Korean text in fonts that every reader brings, no date and
no identifier, so that its bytes and its SHA-256 are the same whenever it is made."""
import pathlib

TITLE = ["복지급여 사전 확인 기본권 영향평가 (예시)", "Fundamental rights assessment of the welfare pre-check (example)"]
TEXT = [
    "이 문서는 시연을 위해 지어낸 것입니다. / This document is invented, for a demonstration.",
    "",
    "1. 무엇을 살폈나: 사회보장을 받을 권리, 차별받지 않을 권리, 개인정보.",
    "   What was looked at: social security, non-discrimination, personal data.",
    "2. 무엇을 발견했나: '낮음' 표시가 신청을 단념하게 할 수 있습니다.",
    "   What was found: the mark \"unlikely\" may keep people from applying.",
    "3. 무엇을 권고했나: 기준을 보수적으로 두고, 누구나 신청할 수 있음을 함께 알립니다.",
    "   What was advised: a cautious threshold, and telling everyone that they may apply.",
    "4. 어떻게 되었나: 두 권고를 모두 반영했습니다.",
    "   What became of it: both were done.",
]


def shown(text):
    return "<" + text.encode("utf-16-be").hex().upper() + ">"


def content():
    lines = ["BT", "/F1 14 Tf", "56 780 Td", "20 TL"]
    lines += [f"{shown(line)} Tj T*" for line in TITLE]
    lines += ["/F1 10 Tf", "T*"]
    lines += [f"{shown(line)} Tj T*" for line in TEXT]
    return "\n".join(lines + ["ET"])


def pdf():
    stream = content()
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (ko) >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /HYGoThic-Medium /Encoding /UniKS-UTF16-H"
        " /DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HYGoThic-Medium /FontDescriptor 7 0 R"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Korea1) /Supplement 2 >> /DW 1000 /W [1 95 500] >>",
        "<< /Type /FontDescriptor /FontName /HYGoThic-Medium /Flags 4 /FontBBox [0 -200 1000 900]"
        " /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
    ]
    out, places = "%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010} 00000 n \n" for at in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("ascii")


pathlib.Path(__file__).with_name("welfare-fria.pdf").write_bytes(pdf())
