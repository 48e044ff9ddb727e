"""Pictures to a file: H.264 in mp4, animated gif or one png; no display is needed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import imageio_ffmpeg
import pygame

from sim.base.errors import UserError, expected

ENDINGS = (".mp4", ".png", ".gif")
GIF_FILTER = "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=none"


def checked(path: Path) -> Path:
    """The path, if something can be recorded there.

    Raises:
        UserError: Its ending is unknown or its folder is not there.
    """
    if path.suffix.lower() not in ENDINGS:
        raise expected("record", "a file that ends in .mp4, .gif or .png", str(path))
    if not path.parent.is_dir():
        raise expected(
            "record", f"a file in a folder that is there, {path.parent} is not", str(path)
        )
    return path


def write(pictures: Iterable[pygame.Surface], path: Path, *, fps: float) -> Path:
    """Write pictures of one size one after the other; the file appears whole or not at all.

    Args:
        pictures: Surfaces of 32 bits; one may be used again once the next is asked for.
        path: Ends in .mp4 or .gif.
        fps: Pictures a second.

    Raises:
        UserError: There was no picture.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    encoder = None
    try:
        for picture in pictures:
            if encoder is None:
                encoder = _encoder(part, picture.get_size(), fps)
                encoder.send(None)
            encoder.send(picture.get_buffer().raw)
        if encoder is None:
            raise UserError("record: nothing to show, expected at least one frame")
        encoder.close()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _encoder(path: Path, size: tuple[int, int], fps: float):  # type: ignore[no-untyped-def]
    if path.suffix.lower() == ".gif":
        return imageio_ffmpeg.write_frames(
            str(path),
            size,
            pix_fmt_in="bgr0",
            pix_fmt_out="pal8",
            fps=fps,
            codec="gif",
            quality=None,
            macro_block_size=1,
            output_params=["-vf", GIF_FILTER],
            ffmpeg_log_level="error",
        )
    return imageio_ffmpeg.write_frames(
        str(path),
        size,
        pix_fmt_in="bgr0",
        pix_fmt_out="yuv420p",
        fps=fps,
        codec="libx264",
        quality=None,
        macro_block_size=2,
        output_params=["-preset", "superfast", "-crf", "20", "-movflags", "+faststart"],
        ffmpeg_log_level="error",
    )


def save(picture: pygame.Surface, path: Path) -> Path:
    """Write one picture; the file appears whole or not at all."""
    part = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        pygame.image.save(picture, str(part))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
